#include "actors/money/commit_batch.hpp"
#include "persistence/money/history.hpp"
#include "persistence/money/ledger_check.hpp"
#include "persistence/money/payments.hpp"
#include "persistence/money/receipts.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"
#include "tests/fixtures/waiting_session.hpp"

#include <algorithm>
#include <thread>

// Card payments in the database: each event moves money once, however many threads work on it.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();

  start_topup wish(std::string key = {}, std::string_view request = "the request") {
    start_topup result;
    result.dealer = dealer;
    result.net = dollars(100);
    result.idempotency_key = std::move(key);
    result.request_hash = to_hex(sha256(request));
    return result;
  }

  payment_id begin() {
    auto begun = start_payment(db, {wish(), money::from_cents(103'30)});
    BOOST_REQUIRE(begun);
    keep_payment(db, {begun->id, "cs_" + to_string(begun->id), "", {"http://pay", {}, {}}});
    return begun->id;
  }

  static stripe_event event_of(stripe_event_kind kind, payment_id payment,
                               std::vector<stripe_movement> movements = {}) {
    stripe_event event;
    event.kind = kind;
    event.payment = payment;
    event.intent = "pi_" + to_string(payment);
    event.movements = std::move(movements);
    return event;
  }

  static stripe_event paid(payment_id payment) {
    return event_of(stripe_event_kind::paid, payment);
  }

  /// A refund of this payment, by its name.
  static stripe_event refund_of(payment_id payment, int64_t cents, const std::string& id = "re_1",
                                bool is_undone = false) {
    return event_of(
      stripe_event_kind::moved, payment,
      {{id + to_string(payment), movement_kind::refund, money::from_cents(cents), {}, is_undone}});
  }

  /// A transaction of a dispute of this payment.
  static stripe_event disputed(payment_id payment, const std::string& id, int64_t cents,
                               int64_t fee = 0) {
    return event_of(stripe_event_kind::moved, payment,
                    {{id + to_string(payment), movement_kind::dispute, money::from_cents(cents),
                      money::from_cents(fee), false}});
  }

  /// Does all that the event asks for, as a node does. Each thread needs its own session.
  void take(database& on, const stripe_event& event) const {
    for (int i = 0; i < 200; ++i) {
      auto payment = payment_of(on, {event.payment, "", event.intent});
      auto next = next_payment_step(payment.value(), event);
      if (std::holds_alternative<std::monostate>(next))
        return;
      if (auto* note = std::get_if<note_movement>(&next)) {
        keep_movement(on, *note);
        continue;
      }
      wallet_state hand;
      hand.dealer = dealer;
      hand.position = load_position(on, dealer).value();
      commit_batch(on, {hand.decide(std::get<posting>(next), now()).value()});
    }
    throw std::runtime_error("an event does not come to its end");
  }

  int64_t balance() {
    return load_position(db, dealer)->balance.cents();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(payment_suite, fixture)

BOOST_AUTO_TEST_CASE(a_key_finds_its_payment_and_its_answer) {
  auto first = start_payment(db, {wish("key-1"), money::from_cents(103'30)});
  BOOST_REQUIRE(first);
  BOOST_TEST(!first->means.are_there());
  auto unfinished = start_payment(db, {wish("key-1"), money::from_cents(103'30)});
  BOOST_TEST((unfinished->id == first->id));
  keep_payment(db, {first->id, "cs_1", "", {"http://pay", {}, {}}});
  keep_payment(db, {first->id, "cs_1", "", {{}, "another", "pk"}});
  auto again = start_payment(db, {wish("key-1"), money::from_cents(999'99)});
  BOOST_TEST((again->id == first->id));
  BOOST_TEST(again->means.checkout_url == "http://pay");
  BOOST_TEST(again->means.client_secret.empty());
  BOOST_TEST(again->gross.cents() == 103'30);
  auto other = start_payment(db, {wish("key-1", "another request"), money::from_cents(103'30)});
  BOOST_REQUIRE(!other);
  BOOST_TEST((code_of(other.error()) == ec::conflict));
}

BOOST_AUTO_TEST_CASE(keys_are_shared_with_what_the_wallet_does) {
  deciding_hand hand{db, dealer};
  commit_batch(db, {hand.decide(topup(dealer, dollars(1), "key-1"))});
  BOOST_TEST(!start_payment(db, {wish("key-1"), money::from_cents(103'30)}));
  BOOST_REQUIRE(start_payment(db, {wish("key-2"), money::from_cents(103'30)}));
  BOOST_TEST(!receipt_under_key(db, dealer, "key-2").request_hash.empty());
  // The posting was decided while the key was free.
  auto late = hand.decide(topup(dealer, dollars(1), "key-3"));
  BOOST_REQUIRE(start_payment(db, {wish("key-3"), money::from_cents(103'30)}));
  BOOST_TEST((commit_batch(db, {late}).outcomes.front().result != commit_result::committed));
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(one_key_at_the_same_moment_is_the_wallets_or_stripes) {
  deciding_hand hand{db, dealer};
  database other{here.connection(), "other"};
  // The payment first: its transaction is open while the wallet commits under its key.
  auto late = hand.decide(topup(dealer, dollars(1), "key-1"));
  auto late_result = commit_result::committed;
  std::jthread wallet;
  {
    transaction tx{db};
    BOOST_REQUIRE(start_payment(db, {wish("key-1"), money::from_cents(103'30)}));
    wallet =
      std::jthread{[&] { late_result = commit_batch(other, {late}).outcomes.front().result; }};
    BOOST_TEST(somebody_waits(here.connection()));
    tx.commit();
  }
  wallet.join();
  BOOST_TEST((late_result == commit_result::key_conflict));
  BOOST_TEST(balance() == 0);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
  // And the other way round: another request has the key, and commits.
  bool has_begun = true;
  std::jthread stripe;
  {
    transaction tx{db};
    run("INSERT INTO postings (id, dealer_id, kind, code, last_seq, idempotency_key, request_hash, "
        "created_at) VALUES (gen_random_uuid(), '"
        + to_string(dealer) + "', 'account_order', 0, 0, 'key-2', sha256('an order'), now())");
    stripe = std::jthread{[&] {
      has_begun =
        static_cast<bool>(start_payment(other, {wish("key-2"), money::from_cents(103'30)}));
    }};
    BOOST_TEST(somebody_waits(here.connection()));
    tx.commit();
  }
  stripe.join();
  BOOST_TEST(!has_begun);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM stripe_payments") == 1);
}

BOOST_AUTO_TEST_CASE(a_payment_is_credited_once_and_shows_its_session) {
  auto payment = begin();
  for (int i = 0; i < 3; ++i)
    take(db, paid(payment));
  BOOST_TEST(balance() == 100'00);
  auto shown = wallet_of(db, {dealer, 10});
  BOOST_REQUIRE_EQUAL(shown.entries.size(), 1u);
  BOOST_TEST(shown.entries[0].type == "topup");
  BOOST_TEST(shown.entries[0].stripe_session == "cs_" + to_string(payment));
  BOOST_TEST(value_of<std::string>("SELECT intent FROM stripe_payments")
             == "pi_" + to_string(payment));
  // By the intent alone, now that it is known.
  BOOST_TEST((payment_of(db, {{}, "", "pi_" + to_string(payment)})->id == payment));
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(refund_dispute_and_payment_end_right_in_any_order) {
  auto first = begin();
  take(db, refund_of(first, 30'00));
  take(db, paid(first));
  BOOST_TEST(balance() == 70'00);
  auto second = begin();
  auto withdrawn = disputed(second, "txn_1", 103'30, 15'00);
  auto reinstated = withdrawn;
  reinstated.movements.push_back(disputed(second, "txn_2", -103'30, -15'00).movements.front());
  take(db, reinstated);
  take(db, withdrawn);
  take(db, paid(second));
  BOOST_TEST(balance() == 170'00);
  take(db, disputed(second, "txn_3", 103'30, 15'00));
  BOOST_TEST(balance() == 55'00);
  take(db, refund_of(first, 30'00, "re_1", true));
  take(db, refund_of(first, 20'00, "re_2"));
  BOOST_TEST(balance() == 65'00);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(a_reversal_may_leave_less_than_nothing) {
  auto payment = begin();
  take(db, paid(payment));
  deciding_hand hand{db, dealer};
  commit_batch(db, {hand.decide(debit(dealer, dollars(80)))});
  take(db, refund_of(payment, 103'30));
  BOOST_TEST(balance() == -80'00);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(the_proof_of_the_ledger_covers_card_payments) {
  auto payment = begin();
  take(db, paid(payment));
  take(db, refund_of(payment, 40'00));
  BOOST_TEST(prove_ledger(db).mismatches.empty());
  take(db, refund_of(payment, 70'00, "re_2"));
  take(db, refund_of(payment, 5'00, "re_3"));
  BOOST_TEST(value_of<int>("SELECT count(*) FROM stripe_movements") == 3);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM stripe_postings") == 3);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
  for (auto [damage, repair] :
       {std::pair{"UPDATE stripe_payments SET reversed_cents = 3900",
                  "UPDATE stripe_payments SET reversed_cents = 10000"},
        {"UPDATE stripe_payments SET net_cents = 10100",
         "UPDATE stripe_payments SET net_cents = 10000"},
        {"UPDATE stripe_postings SET amount_cents = 9900 WHERE movement_id IS NULL",
         "UPDATE stripe_postings SET amount_cents = 10000 WHERE movement_id IS NULL"},
        {"UPDATE stripe_movements SET fee_cents = 1 WHERE id LIKE 're_1%'",
         "UPDATE stripe_movements SET fee_cents = 0 WHERE id LIKE 're_1%'"},
        {"UPDATE stripe_movements SET undone = true WHERE id LIKE 're_1%'",
         "UPDATE stripe_movements SET undone = false WHERE id LIKE 're_1%'"}}) {
    run(damage);
    BOOST_TEST(!prove_ledger(db).mismatches.empty(), damage);
    run(repair);
  }
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(a_posting_about_a_payment_that_has_moved_is_decided_again) {
  auto payment = begin();
  take(db, paid(payment));
  auto known = payment_of(db, {payment, "", ""});
  auto early = std::get<posting>(next_payment_step(*known, refund_of(payment, 30'00)));
  auto late = std::get<posting>(next_payment_step(*known, refund_of(payment, 20'00, "re_2")));
  deciding_hand hand{db, dealer};
  auto outcomes = commit_batch(db, {hand.decide(early), hand.decide(late)}).outcomes;
  BOOST_TEST((outcomes[0].result == commit_result::committed));
  BOOST_TEST((outcomes[1].result == commit_result::stock_conflict));
  take(db, refund_of(payment, 20'00, "re_2"));
  BOOST_TEST(balance() == 50'00);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(a_payment_that_moves_while_a_commit_waits_for_it_is_not_overwritten) {
  auto payment = begin();
  take(db, paid(payment));
  auto known = payment_of(db, {payment, "", ""});
  deciding_hand hand{db, dealer};
  auto decided =
    hand.decide(std::get<posting>(next_payment_step(*known, refund_of(payment, 30'00))));
  std::vector<commit_outcome> outcomes;
  database other{here.connection(), "other"};
  transaction meanwhile{other};
  other.session() << "UPDATE stripe_payments SET version = version + 1";
  std::jthread waiting{[&] {
    database mine{here.connection(), "waiting"};
    outcomes = commit_batch(mine, {decided}).outcomes;
  }};
  BOOST_TEST(comes_true([&] {
    return value_of<int>("SELECT count(*) FROM pg_stat_activity "
                         "WHERE datname = current_database() AND wait_event_type = 'Lock'")
           == 1;
  }));
  meanwhile.commit();
  waiting.join();
  BOOST_REQUIRE_EQUAL(outcomes.size(), 1u);
  BOOST_TEST((outcomes.front().result == commit_result::stock_conflict));
  BOOST_TEST(value_of<int>("SELECT reversed_cents FROM stripe_payments") == 0);
  BOOST_TEST(balance() == 100'00);
}

BOOST_AUTO_TEST_CASE(a_movement_belongs_to_one_payment) {
  auto first = begin();
  auto second = begin();
  take(db, paid(first));
  take(db, paid(second));
  auto refund = refund_of(first, 10'00);
  take(db, refund);
  refund.payment = second;
  refund.intent = "pi_" + to_string(second);
  BOOST_CHECK_THROW(take(db, refund), std::runtime_error);
  BOOST_TEST(balance() == 190'00);
}

BOOST_AUTO_TEST_CASE(events_that_wait_are_listed_until_they_are_settled) {
  BOOST_TEST(
    keep_unmatched(db, {"evt_1", "charge.refunded", "", "pi_1", "none of our payments"}).is_new);
  auto again = keep_unmatched(db, {"evt_1", "charge.refunded", "", "pi_1", "another word"});
  BOOST_TEST(!again.is_new);
  BOOST_TEST(again.is_open);
  keep_unmatched(db, {"evt_2", "refund.failed", "", "pi_2", "none of our payments"});
  auto waiting = unmatched_events(db);
  BOOST_TEST(waiting.count == 2);
  BOOST_REQUIRE_EQUAL(waiting.events.size(), 2u);
  BOOST_TEST(waiting.events[0].what.reason == "none of our payments");
  BOOST_TEST(settle(db, {"evt_1", "another shop's"}));
  BOOST_TEST(!settle(db, {"evt_1", "twice"}));
  BOOST_TEST(unmatched_events(db).count == 1);
  BOOST_TEST(!keep_unmatched(db, {"evt_1", "charge.refunded", "", "pi_1", "again"}).is_open);
}

BOOST_AUTO_TEST_CASE(a_payment_that_was_lost_is_written_down_anew_once) {
  stripe_payment lost;
  lost.id = payment_id::make();
  lost.dealer = dealer;
  lost.net = dollars(100);
  lost.gross = money::from_cents(103'30);
  lost.reference = "cs_lost";
  lost.intent = "pi_lost";
  audit_stamp by{audit_kind::payment_replayed, "finance@example.com"};
  keep_unmatched(db, {"evt_1", "checkout.session.completed", "cs_lost", "", "not known"});
  keep_unmatched(db, {"evt_2", "payment_intent.succeeded", "", "pi_lost", "not known"});
  keep_unmatched(db, {"evt_3", "payment_intent.succeeded", "", "pi_other", "not known"});
  BOOST_TEST(recall(db, {lost, by}));
  BOOST_TEST(recall(db, {lost, by}));
  BOOST_TEST(unmatched_events(db).count == 1);
  auto known = payment_of(db, {{}, {}, "pi_lost"});
  BOOST_REQUIRE(known);
  BOOST_TEST((known->id == lost.id && known->dealer == dealer));
  BOOST_TEST(known->net.cents() == 100'00);
  take(db, paid(lost.id));
  BOOST_TEST(balance() == 100'00);
  lost.id = payment_id::make();
  lost.dealer = dealer_id::make();
  lost.reference = lost.intent = "pi_of_nobody";
  BOOST_TEST(!recall(db, {lost, by}));
}

BOOST_AUTO_TEST_CASE(a_payment_is_shown_with_all_that_became_of_it) {
  auto payment = begin();
  take(db, paid(payment));
  take(db, refund_of(payment, 40'00));
  take(db, refund_of(payment, 40'00, "re_1", true));
  for (const auto& name :
       {to_string(payment), "cs_" + to_string(payment), "pi_" + to_string(payment)}) {
    auto shown = payment_with(db, name);
    BOOST_REQUIRE(shown);
    BOOST_TEST((shown->what.id == payment));
    BOOST_TEST(shown->what.movements.size() == 1u);
    BOOST_TEST(shown->postings.size() == 3u);
  }
  BOOST_TEST(!payment_with(db, "cs_none"));
  BOOST_TEST(payments_of(db, {}).payments.size() == 1u);
  BOOST_TEST(payments_of(db, {"nobody@example.com", 10}).payments.empty());
  std::vector<std::string> kept;
  for (const auto& movement : kept_movements(db, {now() - 1h, now() + 1h}).movements)
    kept.push_back(movement.key);
  std::ranges::sort(kept);
  auto refund = "re_1" + to_string(payment);
  BOOST_TEST(kept == (std::vector{"pi_" + to_string(payment), refund, refund + " failed"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_hands_move_the_money_once) {
  std::vector<payment_id> payments;
  for (int i = 0; i < 4; ++i)
    payments.push_back(begin());
  std::vector<std::jthread> hands;
  for (int hand = 0; hand < 3; ++hand)
    hands.emplace_back([&, hand] {
      database mine{here.connection(), "hand"};
      for (auto payment : payments) {
        std::vector<stripe_event> events{paid(payment), refund_of(payment, 20'00),
                                         refund_of(payment, 30'00, "re_2")};
        std::rotate(events.begin(), events.begin() + hand, events.end());
        for (const auto& event : events)
          take(mine, event);
      }
    });
  hands.clear();
  BOOST_TEST(balance() == 4 * 50'00);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM stripe_postings WHERE movement_id IS NULL") == 4);
  BOOST_TEST(value_of<std::string>("SELECT sum(amount_cents)::text FROM stripe_postings")
             == "20000");
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_SUITE_END()

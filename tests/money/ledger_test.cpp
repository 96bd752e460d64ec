#include "http/edge/receipt_answer.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/supply/stock.hpp"
#include "tests/money/ledger_fixture.hpp"

#include <atomic>
#include <thread>

// Commits: durable with all that they say, once, and on the position that they were decided on.

using namespace meisim;
using namespace meisim::test;

namespace {

posting free_order_of(dealer_id dealer, order_id order) {
  auto result = order_of(dealer, order);
  result.lines.front().amount = {};
  std::get<order_placed>(result.what).unit_price = {};
  return result;
}

std::string answer_of(const stored_receipt& known) {
  return http::receipt_answer(known.what);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(commit_suite, ledger_fixture)

BOOST_AUTO_TEST_CASE(a_batch_is_durable_with_all_that_it_says) {
  auto order = order_id::make();
  auto paid = hand.decide(order_of(dealer, order));
  auto keyed = hand.decide(debit(dealer, dollars(2), "key-1"));
  auto results = commit({paid, keyed});
  BOOST_TEST((results == std::vector(2, commit_result::committed)));
  BOOST_TEST(balance() == 9'700);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM orders") == 1);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs WHERE kind = 'fulfil'") == 1);
  auto stored = receipt_under_key(db, dealer, "key-1");
  BOOST_TEST((stored.what.id == keyed->what.id));
  BOOST_TEST(answer_of(stored) == http::receipt_answer(keyed->answer));
  BOOST_TEST(stored.request_hash == keyed->what.request_hash);
  BOOST_TEST(!receipt_under_key(db, dealer, "key-2").what.id);
  BOOST_TEST(answer_of(find_posting(db, paid->what.id)) == http::receipt_answer(paid->answer));
  BOOST_TEST(mismatches().empty());
}

BOOST_AUTO_TEST_CASE(what_costs_nothing_is_done_without_a_transfer) {
  auto order = order_id::make();
  auto gift = free_order_of(dealer, order);
  auto free_of_charge = hand.decide(gift);
  auto paid = hand.decide(debit(dealer, dollars(2)));
  auto results = commit({free_of_charge, paid});
  BOOST_TEST((results == std::vector(2, commit_result::committed)));
  BOOST_TEST(balance() == 9'800);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs WHERE kind = 'fulfil'") == 1);
  BOOST_TEST(answer_of(find_posting(db, gift.id)) == http::receipt_answer(free_of_charge->answer));
  BOOST_TEST(mismatches().empty());
  auto fresh = open_dealer("fresh@example.test");
  deciding_hand other{db, fresh};
  auto first = free_order_of(fresh, order_id::make());
  auto decided = other.decide(first);
  BOOST_TEST((commit({decided}) == std::vector{commit_result::committed}));
  BOOST_TEST(answer_of(find_posting(db, first.id)) == http::receipt_answer(decided->answer));
  // It depends on the wallet nevertheless.
  auto another = free_order_of(fresh, order_id::make());
  auto stale = other.decide(another);
  run("UPDATE wallets SET version = 7 WHERE dealer_id = '" + to_string(fresh) + "'");
  BOOST_TEST((commit({stale}) == std::vector{commit_result::wallet_conflict}));
}

BOOST_AUTO_TEST_CASE(a_posting_that_comes_twice_is_done_once) {
  auto what = debit(dealer, dollars(2), "key-1");
  auto first = hand.decide(what);
  commit({first});
  // Once unchanged, and once decided anew.
  BOOST_TEST((commit({first}).front() == commit_result::already_there));
  auto outcome = commit_batch(db, {hand.decide(what)}).outcomes.front();
  BOOST_TEST((outcome.result == commit_result::already_there));
  BOOST_TEST(answer_of(outcome.known) == http::receipt_answer(first->answer));
  BOOST_TEST(balance() == 9'800);
  BOOST_TEST(mismatches().empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_another_posting_used_is_a_conflict) {
  commit({hand.decide(debit(dealer, dollars(2), "key-1"))});
  auto second = hand.decide(debit(dealer, dollars(2), "key-1"));
  BOOST_TEST((commit({second}).front() == commit_result::key_conflict));
  BOOST_TEST(balance() == 9'800);
}

BOOST_AUTO_TEST_CASE(who_decided_on_an_old_position_decides_again) {
  deciding_hand other{db, dealer};
  commit({hand.decide(debit(dealer, dollars(60)))});
  auto late = debit(dealer, dollars(60));
  BOOST_TEST((commit({other.decide(late)}).front() == commit_result::wallet_conflict));
  BOOST_TEST(balance() == 4'000);
  BOOST_TEST(mismatches().empty());
}

BOOST_AUTO_TEST_CASE(who_does_not_know_that_somebody_listens_decides_again) {
  auto unaware = hand.decide(debit(dealer, dollars(1)));
  run("UPDATE wallets SET has_listeners = true");
  BOOST_TEST((commit({unaware}).front() == commit_result::wallet_conflict));
  hand.reload(db);
  BOOST_TEST(
    (commit({hand.decide(debit(dealer, dollars(1)))}).front() == commit_result::committed));
  BOOST_TEST(balance() == 9'900);
}

BOOST_AUTO_TEST_CASE(a_conflict_takes_its_wallets_later_postings_along_and_no_others) {
  auto second = open_dealer("second@example.test");
  deciding_hand other{db, second};
  commit({other.decide(topup(second, dollars(5)))});
  import_stock rows{{"att", "qr"}, {{1, "1", "LPA:1$a$1"}}};
  insert_stock(db, rows);
  auto row = sellable_rows(db, {{"att", "qr"}, 1, {}, {}}).rows.front();
  run(
    "INSERT INTO skus VALUES ('00000000-0000-7000-8000-000000000001', 'esim_supply_att', 'x', 'att', 'qr', 100)");
  auto sku = sku_id::parse("00000000-0000-7000-8000-000000000001").value();
  batch_type batch{
    hand.decide(debit(dealer, dollars(1))),
    hand.decide(sale_of(dealer, 1'000, sku, {row})),
    other.decide(sale_of(second, 1'001, sku, {row})),
    hand.decide(debit(dealer, dollars(1))),
    other.decide(debit(second, dollars(1))),
  };
  auto results = commit(batch);
  BOOST_TEST((results[0] == commit_result::committed));
  BOOST_TEST((results[1] == commit_result::committed));
  BOOST_TEST((results[2] == commit_result::stock_conflict));
  BOOST_TEST((results[3] == commit_result::committed));
  BOOST_TEST((results[4] == commit_result::wallet_conflict));
  BOOST_TEST(balance() == 9'700);
  BOOST_TEST(load_position(db, second)->balance.cents() == 500);
  BOOST_TEST(mismatches().empty());
}

BOOST_AUTO_TEST_CASE(what_the_database_refuses_does_not_hold_up_the_others) {
  auto second = open_dealer("second@example.test");
  deciding_hand other{db, second};
  auto bad = topup(second, dollars(1));
  bad.lines.front().description = "no \xff text";
  auto results = commit({hand.decide(debit(dealer, dollars(1))), other.decide(bad),
                         hand.decide(debit(dealer, dollars(1)))});
  BOOST_TEST((results[0] == commit_result::committed));
  BOOST_TEST((results[1] == commit_result::poisoned));
  BOOST_TEST((results[2] == commit_result::committed));
  BOOST_TEST(balance() == 9'800);
  BOOST_TEST(mismatches().empty());
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_replaced_and_nothing_is_done_twice) {
  auto pid = value_of<std::string>("SELECT pg_backend_pid()::text");
  {
    database admin{here.connection(), "test"};
    admin.session() << "SELECT pg_terminate_backend(:pid::int, 5000)", soci::use(pid, "pid");
  }
  auto posting = hand.decide(debit(dealer, dollars(1)));
  BOOST_TEST((commit({posting}).front() == commit_result::committed));
  BOOST_TEST(balance() == 9'900);
}

BOOST_AUTO_TEST_CASE(each_posting_of_a_lost_commit_is_looked_up_by_its_own_id) {
  // The first was taken out of the commit: its wallet had moved on.
  auto dropped = hand.decide(debit(dealer, dollars(1)));
  hand.reload(db);
  auto done = hand.decide(debit(dealer, dollars(2)));
  commit({done});
  BOOST_TEST((were_committed(db, batch_type{dropped, done}, {}) == std::vector{false, true}));
  BOOST_TEST((were_committed(db, batch_type{done, dropped}, {}) == std::vector{true, false}));
}

BOOST_AUTO_TEST_CASE(a_commit_that_is_still_under_way_behind_a_lost_connection_is_ended) {
  auto posting = hand.decide(debit(dealer, dollars(1)));
  database other{here.connection(), "test"};
  other.session() << "BEGIN";
  auto process = other.process();
  other.session() << "UPDATE wallets SET version = version";
  BOOST_TEST((were_committed(db, batch_type{posting}, process) == std::vector{false}));
  BOOST_TEST(value_of<int>("SELECT count(*)::integer FROM pg_stat_activity WHERE pid = "
                           + std::to_string(process.id))
             == 0);
}

BOOST_AUTO_TEST_CASE(writers_that_fight_for_one_wallet_spend_it_once) {
  std::atomic<int> committed = 0;
  std::atomic<int> conflicts = 0;
  std::atomic<int> others = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 3; ++i)
    writers.emplace_back([&] {
      database own{here.connection(), "test"};
      wallet_state state;
      state.dealer = dealer;
      while (true) {
        state.position = *load_position(own, dealer);
        batch_type batch;
        while (batch.size() < 3)
          if (auto decided = state.decide(debit(dealer, dollars(1)), meisim::now()))
            batch.push_back(*decided);
          else
            break;
        if (batch.empty())
          return;
        for (const auto& outcome : commit_batch(own, batch).outcomes)
          ++(outcome.result == commit_result::committed         ? committed
             : outcome.result == commit_result::wallet_conflict ? conflicts
                                                                : others);
      }
    });
  for (auto& writer : writers)
    writer.join();
  BOOST_TEST_MESSAGE(conflicts << " conflicts");
  BOOST_TEST(committed == 100);
  BOOST_TEST(others == 0);
  BOOST_TEST(balance() == 0);
  auto proof = prove_ledger(db);
  BOOST_TEST(proof.mismatches.empty());
  BOOST_TEST(proof.transfers == 101);
}

BOOST_AUTO_TEST_SUITE_END()

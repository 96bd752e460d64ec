#include "actors/money/commit_batch.hpp"
#include "http/edge/receipt_answer.hpp"
#include "persistence/money/history.hpp"
#include "persistence/money/ledger_check.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/supply/stock.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <atomic>
#include <thread>

// Commits, and the proof that the ledger is whole.

using namespace meisim;
using namespace meisim::test;

namespace {

using batch_type = std::vector<std::shared_ptr<const decided_posting>>;

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();
  deciding_hand hand{db, dealer};

  fixture() {
    BOOST_REQUIRE(
      (commit({hand.decide(topup(dealer, dollars(100)))}).front() == commit_result::committed));
  }

  std::vector<commit_result> commit(const batch_type& batch) {
    std::vector<commit_result> results;
    for (const auto& outcome : commit_batch(db, batch).outcomes)
      results.push_back(outcome.result);
    return results;
  }

  int64_t balance() {
    return load_position(db, dealer)->balance.cents();
  }

  std::vector<std::string> mismatches() {
    return prove_ledger(db).mismatches;
  }

  /// Changes rows that must never change, which only the database's owner can.
  void tamper(const std::string& statement) {
    run("ALTER TABLE transfers DISABLE TRIGGER transfers_are_final");
    run(statement);
    run("ALTER TABLE transfers ENABLE TRIGGER transfers_are_final");
  }

  static int64_t lines_in(std::string_view csv) {
    return std::ranges::count(csv, '\n');
  }

  bool is_told(std::string_view sentence) {
    auto found = mismatches();
    return std::any_of(found.begin(), found.end(),
                       [&](const auto& text) { return text.find(sentence) != std::string::npos; });
  }
};

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

BOOST_FIXTURE_TEST_SUITE(commit_suite, fixture)

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
  // It stands on the wallet all the same.
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
  run("UPDATE wallets SET has_webhooks = true");
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
  BOOST_TEST((were_committed(db, batch_type{dropped, done}, 0) == std::vector{false, true}));
  BOOST_TEST((were_committed(db, batch_type{done, dropped}, 0) == std::vector{true, false}));
}

BOOST_AUTO_TEST_CASE(a_commit_that_is_still_under_way_behind_a_lost_connection_is_ended) {
  auto posting = hand.decide(debit(dealer, dollars(1)));
  database other{here.connection(), "test"};
  int process = 0;
  other.session() << "SELECT pg_backend_pid()", soci::into(process);
  other.session() << "BEGIN";
  other.session() << "UPDATE wallets SET version = version";
  BOOST_TEST((were_committed(db, batch_type{posting}, process) == std::vector{false}));
  BOOST_TEST(value_of<int>("SELECT count(*)::integer FROM pg_stat_activity WHERE pid = "
                           + std::to_string(process))
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

BOOST_FIXTURE_TEST_SUITE(history_suite, fixture)

BOOST_AUTO_TEST_CASE(a_wallet_shows_its_balance_and_newest_entries) {
  auto order = order_id::make();
  commit({hand.decide(debit(dealer, dollars(5))), hand.decide(order_of(dealer, order))});
  auto shown = wallet_of(db, {dealer, 2});
  BOOST_TEST(shown.balance.cents() == 9'400);
  BOOST_REQUIRE(shown.entries.size() == 2u);
  BOOST_TEST(shown.entries[0].seq == 3);
  BOOST_TEST(shown.entries[0].order == to_string(order));
  BOOST_TEST(shown.entries[0].type == "debit");
  BOOST_TEST(shown.entries[0].amount.cents() == -100);
  BOOST_TEST(shown.entries[0].balance_after.cents() == 9'400);
  BOOST_TEST(shown.entries[0].description == "a \"quoted\" \\ line");
  BOOST_TEST(shown.entries[1].order.empty());
}

BOOST_AUTO_TEST_CASE(pages_join_without_gap_or_repetition) {
  // More than fits into one fetch, several times over, and not a multiple of it.
  batch_type batch;
  for (int i = 0; i < 4'321; ++i)
    batch.push_back(hand.decide(debit(dealer, money::from_cents(1))));
  commit(batch);
  auto from = from_micros(0);
  auto to = meisim::now() + std::chrono::hours{1};
  std::string all;
  csv_page page;
  do {
    page = entries_of(db, {dealer, from, to, page.last, 1'500});
    all += page.lines;
  } while (page.has_more);
  BOOST_TEST(page.last == 4'322);
  BOOST_TEST(lines_in(all) == 4'322);
  // The first is the money that came in; each one after it takes a cent.
  BOOST_TEST(all.find(",topup,100.00,100.00,") < all.find("\r\n"));
  for (const auto* balance : {"99.99", "85.01", "85.00", "84.99", "56.79"})
    BOOST_TEST(all.find(std::string{",debit,-0.01,"} + balance + ',') != std::string::npos,
               balance);
  BOOST_TEST(entries_of(db, {dealer, from, to, page.last, 1'500}).lines.empty());
  BOOST_TEST(lines_in(entries_of(db, {dealer, from, to, page.last - 1'000, 1'000}).lines) == 1'000);
}

BOOST_AUTO_TEST_CASE(a_range_of_time_has_its_start_and_not_its_end) {
  auto entry = wallet_of(db, {dealer, 1}).entries.front();
  auto later = entry.created_at + std::chrono::microseconds{1};
  BOOST_TEST(lines_in(entries_of(db, {dealer, entry.created_at, later, 0, 10}).lines) == 1);
  BOOST_TEST(entries_of(db, {dealer, from_micros(0), entry.created_at, 0, 10}).lines.empty());
  BOOST_TEST(entries_of(db, {dealer, later, later + std::chrono::hours{1}, 0, 10}).lines.empty());
}

BOOST_AUTO_TEST_CASE(pages_before_the_first_time_are_empty_and_lead_on) {
  for (int i = 0; i < 4; ++i)
    commit({hand.decide(debit(dealer, money::from_cents(1)))});
  auto entry = wallet_of(db, {dealer, 1}).entries.front();
  std::vector<int64_t> lines;
  csv_page page;
  do {
    page = entries_of(
      db, {dealer, entry.created_at, entry.created_at + std::chrono::hours{1}, page.last, 2});
    lines.push_back(lines_in(page.lines));
  } while (page.has_more);
  BOOST_TEST(lines == std::vector<int64_t>({0, 0, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(ledger_check_suite, fixture)

BOOST_AUTO_TEST_CASE(a_whole_ledger_has_nothing_to_tell) {
  open_dealer("idle@example.test");
  commit({hand.decide(debit(dealer, dollars(1))), hand.decide(order_of(dealer, order_id::make()))});
  auto proof = prove_ledger(db);
  BOOST_TEST(proof.wallets == 2);
  BOOST_TEST(proof.transfers == 3);
  BOOST_TEST(proof.mismatches.empty());
  // The proof leaves the session as it was.
  BOOST_TEST(value_of<std::string>("SHOW statement_timeout") == "10s");
}

BOOST_AUTO_TEST_CASE(the_ledger_refuses_changes) {
  for (const auto* change :
       {"UPDATE transfers SET amount_cents = 1", "DELETE FROM transfers", "TRUNCATE transfers"})
    BOOST_CHECK_THROW(run(change), soci::soci_error);
}

BOOST_AUTO_TEST_CASE(a_changed_amount_is_found) {
  commit({hand.decide(debit(dealer, dollars(1))), hand.decide(debit(dealer, dollars(1)))});
  tamper("UPDATE transfers SET amount_cents = amount_cents + 1 WHERE seq = 2");
  BOOST_TEST(is_told("seq 2 has balance 99.00, which does not follow"));
  BOOST_TEST(is_told("seq 2 does not chain"));
  BOOST_TEST(is_told("all accounts sum to"));
}

BOOST_AUTO_TEST_CASE(a_changed_sentence_is_found) {
  commit({hand.decide(debit(dealer, dollars(1)))});
  tamper("UPDATE transfers SET description = 'something else' WHERE seq = 1");
  auto found = mismatches();
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found.front().find("seq 1 does not chain") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_changed_account_is_found) {
  tamper("UPDATE transfers SET debit_account = 'adjustments' WHERE seq = 1");
  BOOST_TEST(is_told("seq 1 is a topup against the account adjustments"));
}

BOOST_AUTO_TEST_CASE(a_gap_is_found) {
  commit({hand.decide(debit(dealer, dollars(1))), hand.decide(debit(dealer, dollars(1)))});
  tamper("DELETE FROM transfers WHERE seq = 2");
  BOOST_TEST(is_told("seq 3 follows 1"));
}

BOOST_AUTO_TEST_CASE(a_missing_end_is_found) {
  commit({hand.decide(debit(dealer, dollars(1)))});
  tamper("DELETE FROM transfers WHERE seq = 2");
  BOOST_TEST(is_told("version 2 but its last transfer is 1"));
  BOOST_TEST(is_told("balance 99.00 but its last transfer left 100.00"));
}

BOOST_AUTO_TEST_CASE(a_missing_posting_is_found) {
  run("DELETE FROM postings WHERE id = (SELECT posting_id FROM transfers WHERE seq = 1)");
  BOOST_TEST(is_told("1 transfers stem from no posting of their dealer"));
}

BOOST_AUTO_TEST_CASE(a_purchase_of_nothing_that_is_sold_is_found) {
  auto row = stock_row{inventory_id::make(), "1", "LPA:1$a$1"};
  insert_stock(db, {{"att", "qr"}, {{1, row.iccid, row.lpa}}});
  row = sellable_rows(db, {{"att", "qr"}, 1, {}, {}}).rows.front();
  commit({hand.decide(sale_of(dealer, 1'000, sku_id::make(), {row}))});
  BOOST_TEST(is_told("1 purchases are of no SKU"));
}

BOOST_AUTO_TEST_CASE(a_changed_balance_is_found) {
  run("UPDATE wallets SET balance_cents = balance_cents + 1");
  BOOST_TEST(is_told("balance 100.01 but its last transfer left 100.00"));
  BOOST_TEST(is_told("all accounts sum to 1 cents"));
}

BOOST_AUTO_TEST_CASE(a_ledger_longer_than_one_fetch_is_walked_to_its_end) {
  batch_type batch;
  for (int i = 0; i < 4'500; ++i)
    batch.push_back(hand.decide(debit(dealer, money::from_cents(1))));
  commit(batch);
  auto proof = prove_ledger(db);
  BOOST_TEST(proof.transfers == 4'501);
  BOOST_TEST(proof.mismatches.empty());
  tamper("UPDATE transfers SET description = 'x' WHERE seq = 4500");
  BOOST_TEST(is_told("seq 4500 does not chain"));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A ledger with something of everything in it, all of it right.
struct full_ledger : fixture {
  order_id failed = order_id::make();
  order_id bought = order_id::make();
  batch_id batch = batch_id::make();

  full_ledger() {
    run(
      "INSERT INTO skus VALUES ('00000000-0000-7000-8000-000000000001', 'esim_supply_att', 'x', 'att', 'qr', 100)");
    auto sku = sku_id::parse("00000000-0000-7000-8000-000000000001").value();
    insert_stock(db, {{"att", "qr"}, {{1, "1", "LPA:1$a$1"}}});
    auto row = sellable_rows(db, {{"att", "qr"}, 1, {}, {}}).rows.front();
    auto resent = debit(dealer, dollars(1));
    resent.what =
      email_resent{bought, mail_id::make(), "jane@example.test", "en", "{}", dollars(1)};
    commit({hand.decide(order_of(dealer, failed, 2)), hand.decide(order_of(dealer, bought)),
            hand.decide(sale_of(dealer, 1'000, sku, {row})), hand.decide(resent),
            hand.decide(batch_of_three())});
    auto refund = plain_posting(dealer, entry_type::refund, dollars(2));
    refund.lines.front().order = failed;
    refund.what = order_refunded{failed, 2, true, "sold out"};
    auto rows = plain_posting(dealer, entry_type::refund, dollars(1));
    rows.what = rows_refunded{batch, {2}};
    run("UPDATE batches SET error = 1");
    run("INSERT INTO verdicts (batch_id, row_number, verdict, reason, checked_at)"
        " SELECT batch_id, 2, 'error', 'x', now() FROM batch_rows WHERE row_number = 2");
    commit({hand.decide(refund), hand.decide(rows)});
    BOOST_TEST(mismatches() == std::vector<std::string>{}, boost::test_tools::per_element());
  }

  posting batch_of_three() const {
    auto result = debit(dealer, dollars(3));
    batch_submitted what;
    what.id = batch;
    what.unit_price = dollars(1);
    what.rows = std::vector<batch_row>{
      {"", "LPA:1$a.example$1"}, {"", "LPA:1$a.example$2"}, {"", "LPA:1$a.example$3"}};
    result.what = what;
    return result;
  }
};

/// A change that only the database's owner can make, and what is told of it.
struct damage {
  const char* statement;
  const char* sentence;
};

constexpr damage damages[] = {
  {"UPDATE orders SET status = 'failed' WHERE quantity = 1",
   "1 orders were given back otherwise than they ended"},
  {"UPDATE orders SET status = 'completed' WHERE quantity = 2",
   "1 orders were given back otherwise than they ended"},
  {"UPDATE orders SET unit_price_cents = 99 WHERE quantity = 1",
   "1 orders were paid otherwise than price times quantity"},
  {"UPDATE orders SET quantity = 3 WHERE quantity = 1",
   "1 orders were paid otherwise than price times quantity"},
  {"DELETE FROM orders WHERE quantity = 1", "1 postings have not made what they were for"},
  {"DELETE FROM mails", "1 postings have not made what they were for"},
  {"DELETE FROM row_refunds", "1 postings have not made what they were for"},
  {"DELETE FROM usages", "1 postings have not made what they were for"},
  {"UPDATE usages SET unit_price_cents = 99",
   "1 purchases were paid otherwise than price times quantity"},
  {"UPDATE usages SET inventory_ids = '{}'",
   "1 purchases were paid otherwise than price times quantity"},
  {"UPDATE batches SET total_rows = 4", "1 batches were paid otherwise than price times rows"},
  {"INSERT INTO row_refunds SELECT batch_id, 3, posting_id FROM row_refunds",
   "1 refunds of rows are not their price"},
  {"UPDATE row_refunds SET posting_id = gen_random_uuid()",
   "1 rows of batches were given back by no posting"},
  {"UPDATE postings SET last_seq = last_seq + 1 WHERE kind = 'batch'",
   "1 postings end with another transfer than they say"},
  {"UPDATE postings SET last_seq = last_seq + 1 WHERE kind = 'batch'",
   "1 postings have not the transfer that they end with"},
  {"INSERT INTO postings (id, dealer_id, kind, code, last_seq, created_at)"
   " SELECT gen_random_uuid(), dealer_id, 'adjustment', 0, 1, now() FROM wallets",
   "1 postings have not the transfer that they end with"},
  {"UPDATE postings SET kind = 'adjustment' WHERE kind = 'order_refund'",
   "1 postings moved money on an account that is not their kind's"},
  {"UPDATE postings SET kind = 'adjustment' WHERE kind = 'order_refund'",
   "1 orders were given back otherwise than they ended"},
  {"UPDATE transfers SET credit_account = 'cash' WHERE credit_account = 'sales.orders' AND amount_cents = 100",
   "postings moved money on an account that is not their kind's"},
  {"UPDATE transfers SET debit_account = 'cash' WHERE type = 'refund' AND amount_cents = 200",
   "does not chain to the one before"},
  {"UPDATE transfers SET stripe_session = 'cs_forged' WHERE type = 'topup'",
   "does not chain to the one before"},
  {"DELETE FROM transfers WHERE seq = (SELECT max(seq) FROM transfers)",
   "wallets have not what was proved of them before"},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_proof_suite, full_ledger)

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_told_in_words) {
  for (const auto& [statement, sentence] : damages) {
    full_ledger damaged;
    damaged.tamper(statement);
    BOOST_TEST(damaged.is_told(sentence), statement << " is told as: " << sentence);
  }
}

BOOST_AUTO_TEST_CASE(a_posting_has_the_subject_that_its_kind_makes) {
  for (const auto* change : {"UPDATE postings SET subject_id = NULL WHERE kind = 'order'",
                             "UPDATE postings SET subject_id = id WHERE kind = 'supply'",
                             "UPDATE postings SET usage_id = NULL WHERE kind = 'supply'",
                             "UPDATE postings SET usage_id = 1 WHERE kind = 'resend'"})
    BOOST_CHECK_THROW(run(change), soci::soci_error);
}

BOOST_AUTO_TEST_CASE(a_proof_goes_on_where_the_last_one_ended) {
  BOOST_TEST(prove_ledger(db, {true}).transfers == 0);
  commit({hand.decide(debit(dealer, dollars(1))), hand.decide(order_of(dealer, order_id::make()))});
  auto proof = prove_ledger(db, {true});
  BOOST_TEST(proof.transfers == 2);
  BOOST_TEST(proof.mismatches.empty());
  commit({hand.decide(order_of(dealer, order_id::make(), 3))});
  run("UPDATE orders SET unit_price_cents = 99 WHERE quantity = 3");
  proof = prove_ledger(db, {true});
  BOOST_TEST(proof.transfers == 1);
  BOOST_TEST(proof.mismatches.size() == 1u);
  // It is told until it is mended.
  BOOST_TEST(prove_ledger(db, {true}).mismatches.size() == 1u);
  run("UPDATE orders SET unit_price_cents = 100 WHERE quantity = 3");
  BOOST_TEST(prove_ledger(db, {true}).mismatches.empty());
  BOOST_TEST(prove_ledger(db, {true}).transfers == 0);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM ledger_scope") == 0);
}

BOOST_AUTO_TEST_CASE(a_tail_that_was_cut_is_found_by_a_head_from_before) {
  auto heads = prove_ledger(db, {false, true}).heads;
  BOOST_REQUIRE_EQUAL(heads.size(), 1u);
  commit({hand.decide(debit(dealer, dollars(1)))});
  BOOST_TEST(hold_against(db, heads).mismatches.empty());
  // All that the database itself could tell by is set back with it.
  auto last = std::to_string(heads.front().seq - 1);
  tamper("DELETE FROM transfers WHERE seq > " + last);
  run("DELETE FROM ledger_proved");
  run("DELETE FROM row_refunds");
  run("DELETE FROM postings WHERE last_seq > " + last);
  run("UPDATE batches SET error = 0, refunded_rows = 0");
  run("DELETE FROM verdicts");
  run("UPDATE wallets w SET version = t.seq, balance_cents = t.balance_after_cents, chain = t.chain"
      " FROM transfers t WHERE t.seq = "
      + last);
  BOOST_TEST(mismatches() == std::vector<std::string>{}, boost::test_tools::per_element());
  auto held = hold_against(db, heads);
  BOOST_REQUIRE_EQUAL(held.mismatches.size(), 1u);
  BOOST_TEST(held.mismatches.front().find("is not there any more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_an_error_and_no_answer) {
  auto posting_of = [&](const char* kind) {
    return posting_id::parse(value_of<std::string>("SELECT id::text FROM postings WHERE kind = '"
                                                   + std::string{kind} + "' LIMIT 1"))
      .value();
  };
  run("DELETE FROM verdicts");
  run("DELETE FROM row_refunds");
  run("DELETE FROM batch_rows");
  for (auto [kind, damage] : {std::pair{"order", "DELETE FROM orders"},
                              {"resend", "DELETE FROM mails"},
                              {"supply", "DELETE FROM usages"},
                              {"batch", "DELETE FROM batches"}}) {
    run(damage);
    BOOST_CHECK_THROW(find_posting(db, posting_of(kind)), std::logic_error);
  }
  auto last = posting_of("adjustment");
  run("UPDATE postings SET last_seq = 2 WHERE kind = 'adjustment'");
  BOOST_CHECK_THROW(find_posting(db, last), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

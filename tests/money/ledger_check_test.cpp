#include "persistence/supply/stock.hpp"
#include "tests/money/ledger_fixture.hpp"

// The ledger check finds what was changed in a wallet's transfers.

using namespace meisim;
using namespace meisim::test;

BOOST_FIXTURE_TEST_SUITE(ledger_check_suite, ledger_fixture)

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

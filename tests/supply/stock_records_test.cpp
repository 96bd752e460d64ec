#include "http/edge/receipt_answer.hpp"
#include "persistence/money/ledger.hpp"
#include "persistence/money/ledger_check.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/orders/orders.hpp"
#include "protocols/base/iccid.hpp"
#include "tests/fixtures/postings.hpp"
#include "tests/supply/stock_fixture.hpp"

#include <algorithm>

// Stock and sales as the database keeps them.

using namespace meisim;
using namespace meisim::test;

BOOST_FIXTURE_TEST_SUITE(stock_records_suite, stock_fixture)

BOOST_AUTO_TEST_CASE(rows_come_oldest_first_without_those_spoken_for) {
  import(1, 2'500);
  auto all = rows(5'000);
  BOOST_REQUIRE(all.size() == 2'500u);
  BOOST_TEST(std::is_sorted(all.begin(), all.end(),
                            [](const stock_row& a, const stock_row& b) { return a.id < b.id; }));
  auto some = sellable_rows(db, {att, 3, {all[1].id, all[3].id}, all[1].id}).rows;
  BOOST_REQUIRE(some.size() == 3u);
  BOOST_TEST((some[0].id == all[2].id));
  BOOST_TEST((some[1].id == all[4].id));
  BOOST_TEST((some[2].id == all[5].id));
  BOOST_TEST(some[0].lpa == "LPA:1$smdp.test$CODE \"" + some[0].iccid + "\" \\");
}

BOOST_AUTO_TEST_CASE(an_empty_pool_has_no_rows) {
  BOOST_TEST(rows(10).empty());
  BOOST_TEST(counts_of(db, att).available == 0);
  BOOST_TEST(all_pools(db).pools.empty());
  import(1, 1);
  BOOST_TEST(rows(10).size() == 1u);
}

BOOST_AUTO_TEST_CASE(pools_are_told_once_each) {
  import(1, 50);
  import(51, 60, {"att", "manual"});
  import(61, 61, {"tmobile", "qr"});
  auto pools = all_pools(db).pools;
  BOOST_REQUIRE(pools.size() == 3u);
  BOOST_TEST(to_string(pools[0]) == "att.manual");
  BOOST_TEST(to_string(pools[1]) == "att.qr");
  BOOST_TEST(to_string(pools[2]) == "tmobile.qr");
}

BOOST_AUTO_TEST_CASE(what_is_sold_is_the_dealers_newest_purchase_first) {
  import(1, 10);
  auto dealer = open_dealer();
  auto sku = add_sku(100);
  deciding_hand hand{db, dealer};
  auto stock = rows(10);
  std::vector<std::shared_ptr<const decided_posting>> batch{
    hand.decide(topup(dealer, dollars(10))),
    hand.decide(sale_of(dealer, 1'000, sku, {stock[0], stock[1], stock[2]})),
    hand.decide(sale_of(dealer, 1'001, sku, {stock[3], stock[4]})),
  };
  for (auto result : commit_postings(db, batch))
    BOOST_TEST((result == commit_result::committed));
  auto page = esims_of(db, {dealer, 4, 0});
  BOOST_TEST(page.total == 5);
  BOOST_REQUIRE(page.esims.size() == 4u);
  const size_t expected[] = {3, 4, 0, 1};
  for (size_t i = 0; i < 4; ++i)
    BOOST_TEST((page.esims[i].row.id == stock[expected[i]].id));
  BOOST_TEST(page.esims.front().usage == 1'001);
  BOOST_TEST(page.esims.front().status == "sold");
  BOOST_TEST(to_string(page.esims.front().pool) == "att.qr");
  BOOST_TEST(page.esims.front().confirmation_code == "");
  BOOST_TEST(esims_of(db, {dealer, 4, 4}).esims.size() == 1u);
  BOOST_TEST(esims_of(db, {dealer_id::make(), 4, 0}).total == 0);
  auto counts = counts_of(db, att);
  BOOST_TEST(counts.available == 5);
  BOOST_TEST(counts.sold == 5);
  BOOST_TEST(counts.burned == 0);
  BOOST_TEST(rows(10).size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_confirmation_code_is_told_to_the_buyer) {
  insert_stock(db, {att, {{1, "8901410000000000001", "LPA:1$smdp.test$A$$1", "2468"}}});
  auto dealer = open_dealer();
  deciding_hand hand{db, dealer};
  std::vector<std::shared_ptr<const decided_posting>> batch{
    hand.decide(topup(dealer, dollars(10))),
    hand.decide(sale_of(dealer, 1'000, add_sku(100), rows(1)))};
  commit_postings(db, batch);
  auto page = esims_of(db, {dealer, 4, 0});
  BOOST_REQUIRE(page.esims.size() == 1u);
  BOOST_TEST(page.esims.front().confirmation_code == "2468");
}

BOOST_AUTO_TEST_CASE(a_row_is_sold_once_wherever_its_block_begins) {
  import(1, 2'100);
  auto dealer = open_dealer();
  auto sku = add_sku(100);
  deciding_hand hand{db, dealer};
  auto stock = rows(2'100);
  auto sell = [&](int64_t usage, std::vector<stock_row> what) {
    hand.reload(db);
    std::vector<std::shared_ptr<const decided_posting>> batch{
      hand.decide(sale_of(dealer, usage, sku, std::move(what)))};
    return commit_postings(db, batch).front();
  };
  auto is_refused = [](const std::exception& error) {
    return read_failure(error).constraint == "inventory_sold_once";
  };
  hand.reload(db);
  std::vector<std::shared_ptr<const decided_posting>> money{
    hand.decide(topup(dealer, dollars(5'000)))};
  commit_postings(db, money);
  // Over three blocks, with a row left out in the middle.
  std::vector<stock_row> most{stock.begin(), stock.end() - 10};
  most.erase(most.begin() + 1'500);
  BOOST_TEST((sell(1'000, most) == commit_result::committed));
  BOOST_CHECK_EXCEPTION(sell(1'001, {stock[2'099], stock[0]}), soci::soci_error, is_refused);
  BOOST_CHECK_EXCEPTION(sell(1'002, {stock[2'099], stock[2'099]}), soci::soci_error, is_refused);
  BOOST_CHECK_EXCEPTION(sell(1'003, {stock[1'023], stock[1'024]}), soci::soci_error, is_refused);
  auto left = rows(100);
  BOOST_REQUIRE(left.size() == 11u);
  BOOST_TEST((left.front().id == stock[1'500].id));
  BOOST_TEST((sell(1'004, left) == commit_result::committed));
  BOOST_TEST(counts_of(db, att).sold == 2'100);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(the_proof_finds_a_row_that_was_sold_twice_or_to_nobody) {
  import(1, 10);
  auto dealer = open_dealer();
  auto sku = add_sku(100);
  deciding_hand hand{db, dealer};
  auto stock = rows(10);
  std::vector<std::shared_ptr<const decided_posting>> batch{
    hand.decide(topup(dealer, dollars(10))),
    hand.decide(sale_of(dealer, 1'000, sku, {stock[0], stock[1], stock[2]})),
  };
  commit_postings(db, batch);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
  run("SELECT mark_sold(ARRAY[place]) FROM stock WHERE NOT is_sold LIMIT 1");
  BOOST_TEST(prove_ledger(db).mismatches.size() == 1u);
  run("SELECT mark_sold(ARRAY[1000000])");
  BOOST_TEST(prove_ledger(db).mismatches.size() == 2u);
  run("UPDATE usages SET inventory_ids = inventory_ids || inventory_ids");
  // Sold twice, and paid once.
  BOOST_TEST(prove_ledger(db).mismatches.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_sale_is_repeated_with_the_same_bytes) {
  import(1, 5);
  auto dealer = open_dealer();
  deciding_hand hand{db, dealer};
  auto stock = rows(5);
  auto partial = sale_of(dealer, 1'000, add_sku(100), {stock[3], stock[0]});
  partial.idempotency_key = "key-1";
  partial.request_hash = to_hex(sha256("request"));
  std::get<supply_sold>(partial.what).quantity = 7;
  auto none = sale_of(dealer, 1'001, add_sku(100), {});
  std::get<supply_sold>(none.what).quantity = 1;
  none.lines = {{entry_type::debit, -dollars(1), "1 eSIM", {}},
                {entry_type::refund, dollars(1), "1 eSIM was out of stock", {}}};
  auto credited = hand.decide(topup(dealer, dollars(10)));
  auto sale = hand.decide(partial);
  auto sold_out = hand.decide(none);
  for (auto result : commit_postings(db, std::vector{credited, sale, sold_out}))
    BOOST_TEST((result == commit_result::committed));
  auto answer_of = [&](const stored_receipt& known) { return http::receipt_answer(known.what); };
  auto stored = receipt_under_key(db, dealer, "key-1");
  BOOST_TEST(answer_of(stored) == http::receipt_answer(sale->answer));
  BOOST_TEST((stored.what.code == ec::none));
  BOOST_TEST(stored.request_hash == partial.request_hash);
  BOOST_TEST(answer_of(find_posting(db, sale->what.id)) == http::receipt_answer(sale->answer));
  auto refused = find_posting(db, sold_out->what.id);
  BOOST_TEST(answer_of(refused) == http::receipt_answer(sold_out->answer));
  BOOST_TEST((refused.what.code == ec::vendor_error));
}

BOOST_AUTO_TEST_CASE(blocks_of_usage_numbers_do_not_overlap) {
  auto first = next_usages(db);
  database other{here.connection(), "test"};
  auto second = next_usages(other);
  BOOST_TEST(first.count == 1'000);
  BOOST_TEST(second.first >= first.first + first.count);
}

BOOST_AUTO_TEST_SUITE_END()

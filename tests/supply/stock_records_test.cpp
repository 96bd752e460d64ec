#include "http/edge/receipt_answer.hpp"
#include "persistence/money/ledger.hpp"
#include "persistence/money/ledger_check.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/seed.hpp"
#include "persistence/supply/stock.hpp"
#include "protocols/base/iccid.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <algorithm>

// Stock, prices and the demonstration as the database keeps them.

using namespace meisim;
using namespace meisim::test;

namespace {

const pool_name att{"att", "qr"};

struct fixture : database_fixture {
  /// Lines `first` to `last`; the ICCID carries the number.
  import_result import(int first, int last, const pool_name& pool = att) {
    import_stock rows{pool, {}};
    for (int i = first; i <= last; ++i)
      rows.lines.push_back(
        {i, std::to_string(i), "LPA:1$smdp.test$CODE \"" + std::to_string(i) + "\" \\"});
    return insert_stock(db, rows);
  }

  sku_id add_sku(int price) {
    auto id = sku_id::make();
    std::string key = to_string(id);
    db.session()
      << "INSERT INTO skus VALUES (:id::uuid, 'esim_supply_att', 'eSIM', 'att', 'qr', :price)",
      soci::use(key, "id"), soci::use(price, "price");
    return id;
  }

  order_id place_order() {
    auto order = order_id::make();
    run(
      "INSERT INTO orders (id, dealer_id, type, product, quantity, unit_price_cents, status, created_at) VALUES ('"
      + to_string(order) + "', '" + to_string(open_dealer())
      + "', 'esim', 'esim_5gb', 1, 100, 'processing', now())");
    return order;
  }

  std::vector<stock_row> rows(int32_t count) {
    return sellable_rows(db, {att, count, {}, {}}).rows;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stock_records_suite, fixture)

BOOST_AUTO_TEST_CASE(an_iccid_is_taken_in_once) {
  auto first = import(1, 10);
  BOOST_TEST(first.imported == 10);
  BOOST_TEST(first.duplicates.empty());
  auto second = import(6, 15, {"tmobile", "qr"});
  BOOST_TEST(second.imported == 5);
  BOOST_TEST(second.duplicates.size() == 5u);
  auto twice = insert_stock(db, {att, {{1, "77", "LPA:1$a$b"}, {2, "77", "LPA:1$a$c"}}});
  BOOST_TEST(twice.imported == 1);
  BOOST_REQUIRE(twice.duplicates.size() == 1u);
  BOOST_TEST(twice.duplicates[0].number == 2);
  BOOST_TEST(twice.duplicates[0].reason == "iccid is in stock already");
}

BOOST_AUTO_TEST_CASE(an_activation_code_is_taken_in_once_under_whatever_iccid) {
  auto first = insert_stock(db, {att, {{1, "8901410000000000001", "LPA:1$smdp.test$A"}}});
  BOOST_TEST(first.imported == 1);
  auto again = insert_stock(db, {{"tmobile", "qr"},
                                 {{5, "8901410000000000002", "lpa:1$SMDP.test$A$"},
                                  {6, "8901410000000000003", "LPA:1$smdp.test$a"},
                                  {7, "8901410000000000004", "LPA:1$smdp.test$a$1.2.3"}}});
  BOOST_TEST(again.imported == 1);
  BOOST_REQUIRE(again.duplicates.size() == 2u);
  BOOST_TEST(again.duplicates[0].number == 5);
  BOOST_TEST(again.duplicates[0].reason == "lpa is in stock already, as iccid 8901410000000000001");
  BOOST_TEST(again.duplicates[1].number == 7);
}

BOOST_AUTO_TEST_CASE(an_iccid_and_the_same_with_its_check_digit_are_one) {
  BOOST_TEST(insert_stock(db, {att, {{1, "8901410321111851072", "LPA:1$smdp.test$A"}}}).imported
             == 1);
  auto result = insert_stock(db, {att,
                                  {{1, "89014103211118510720", "LPA:1$smdp.test$B0"},
                                   {2, "89014103211118510721", "LPA:1$smdp.test$B1"},
                                   {3, "89014103211118510722", "LPA:1$smdp.test$B2"},
                                   {4, "89014103211118510723", "LPA:1$smdp.test$B3"},
                                   {5, "89014103211118510724", "LPA:1$smdp.test$B4"},
                                   {6, "89014103211118510725", "LPA:1$smdp.test$B5"},
                                   {7, "89014103211118510726", "LPA:1$smdp.test$B6"},
                                   {8, "89014103211118510727", "LPA:1$smdp.test$B7"},
                                   {9, "89014103211118510728", "LPA:1$smdp.test$B8"},
                                   {10, "89014103211118510729", "LPA:1$smdp.test$B9"}}});
  BOOST_TEST(result.imported == 9);
  BOOST_REQUIRE(result.duplicates.size() == 1u);
  const auto digit = std::to_string(result.duplicates[0].number - 1);
  BOOST_TEST(passes_luhn("8901410321111851072" + digit));
}

BOOST_AUTO_TEST_CASE(what_a_provider_has_delivered_is_not_taken_in) {
  auto order = place_order();
  run("INSERT INTO order_esims (order_id, unit, iccid, lpa) VALUES ('" + to_string(order)
      + "', 1, '8901410321111851072', 'LPA:1$SMDP.test$A')");
  auto result = insert_stock(db, {att,
                                  {{1, "8901410000000000001", "LPA:1$smdp.test$A"},
                                   {2, "8901410321111851072", "LPA:1$smdp.test$B"},
                                   {3, "8901410000000000002", "LPA:1$smdp.test$C"}}});
  BOOST_TEST(result.imported == 1);
  BOOST_REQUIRE(result.duplicates.size() == 2u);
  BOOST_TEST(result.duplicates[0].reason == "this eSIM was delivered to an order");
}

BOOST_AUTO_TEST_CASE(a_withdrawn_lot_is_not_sold_from_memory_either) {
  import_stock lot{att, {}, "L-7", money::from_cents(125)};
  for (int i = 1; i <= 4; ++i)
    lot.lines.push_back({i, std::to_string(i), "LPA:1$smdp.test$A-" + std::to_string(i)});
  insert_stock(db, lot);
  import(5, 6);
  auto dealer = open_dealer();
  auto sku = add_sku(100);
  deciding_hand hand{db, dealer};
  auto in_memory = rows(6);
  auto sell = [&](int64_t usage, std::vector<stock_row> what) {
    hand.reload(db);
    std::vector<std::shared_ptr<const decided_posting>> batch{
      hand.decide(sale_of(dealer, usage, sku, std::move(what)))};
    return commit_postings(db, batch).front();
  };
  std::vector<std::shared_ptr<const decided_posting>> money_in{
    hand.decide(topup(dealer, dollars(10)))};
  commit_postings(db, money_in);
  BOOST_TEST((sell(1'000, {in_memory[0]}) == commit_result::committed));
  auto gone = withdraw_rows(db, {{"L-7", {}}, "the carrier has recalled them"});
  BOOST_TEST(gone.count == 3);
  BOOST_REQUIRE(gone.pools.size() == 1u);
  BOOST_TEST(to_string(gone.pools[0]) == "att.qr");
  BOOST_CHECK_EXCEPTION(sell(1'001, {in_memory[1]}), soci::soci_error, [](const auto& error) {
    return read_failure(error).constraint == "inventory_sold_once";
  });
  BOOST_TEST(rows(10).size() == 2u);
  auto counts = counts_of(db, att);
  BOOST_TEST(counts.available == 2);
  BOOST_TEST(counts.sold == 1);
  auto sold = sold_of(db, {"L-7", {}}).rows;
  BOOST_REQUIRE(sold.size() == 1u);
  BOOST_TEST(sold[0].iccid == "1");
  BOOST_TEST(sold[0].dealer == "dealer@example.test");
  BOOST_TEST(sold[0].usage == 1'000);
  auto lots = all_lots(db).lots;
  BOOST_REQUIRE(lots.size() == 2u);
  BOOST_TEST(lots[0].lot == "L-7");
  BOOST_TEST(lots[0].cost.value().cents() == 125);
  BOOST_TEST(lots[0].imported == 4);
  BOOST_TEST(lots[0].available == 0);
  BOOST_TEST(lots[0].sold == 1);
  BOOST_TEST(lots[0].withdrawn == 3);
  BOOST_TEST(lots[0].reason == "the carrier has recalled them");
  BOOST_TEST(lots[1].lot == "");
  BOOST_TEST(!lots[1].cost);
  BOOST_TEST(lots[1].available == 2);
  BOOST_TEST(prove_ledger(db).mismatches.empty());
  // Once more changes nothing, and single ones go as well.
  BOOST_TEST(withdraw_rows(db, {{"L-7", {}}, "again"}).count == 0);
  BOOST_TEST(withdraw_rows(db, {{"", {in_memory[5].iccid}}, "damaged"}).count == 1);
  BOOST_TEST(withdraw_rows(db, {{"L-8", {}}, "no such lot"}).pools.empty());
  BOOST_TEST((sell(1'002, {in_memory[4]}) == commit_result::committed));
  BOOST_TEST(prove_ledger(db).mismatches.empty());
}

BOOST_AUTO_TEST_CASE(nothing_to_import_is_no_fault) {
  auto result = insert_stock(db, {att, {}});
  BOOST_TEST(result.imported == 0);
  BOOST_TEST(result.duplicates.empty());
}

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

BOOST_AUTO_TEST_CASE(a_dealers_own_price_stands_beside_the_list_price) {
  auto dealer = open_dealer();
  auto sku = add_sku(400);
  BOOST_TEST(upsert_price(db, sku, {}, money::from_cents(350)).value().price.cents() == 350);
  upsert_price(db, sku, dealer, money::from_cents(300));
  auto answer = upsert_price(db, sku, dealer, money::from_cents(290));
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->price.cents() == 290);
  BOOST_TEST(answer->service == "esim_supply_att");
  BOOST_TEST(!upsert_price(db, sku_id::make(), {}, money::from_cents(1)));
  auto prices = all_prices(db);
  auto listed = std::find_if(prices.skus.begin(), prices.skus.end(),
                             [&](const auto& x) { return x.id == sku; });
  BOOST_REQUIRE((listed != prices.skus.end()));
  BOOST_TEST(listed->price.cents() == 350);
  BOOST_REQUIRE(prices.own_prices.size() == 1u);
  BOOST_TEST(prices.own_prices.front().price.cents() == 290);
  BOOST_TEST((prices.own_prices.front().dealer == dealer));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(seed_suite, fixture)

BOOST_AUTO_TEST_CASE(the_demonstration_fills_an_empty_database_only) {
  auto dealer = seed_demo(db, "$argon2id$demo");
  BOOST_REQUIRE(dealer);
  BOOST_TEST(!seed_demo(db, "$argon2id$other"));
  auto account = dealer_overviews_of(db, "demo@meisim.test");
  BOOST_REQUIRE(account.size() == 1u);
  BOOST_TEST(account.front().dealer.portal);
  BOOST_TEST(account.front().has_password);
  BOOST_TEST(all_prices(db).skus.size() == 2u);
  BOOST_TEST(counts_of(db, att).available == 500);
}

BOOST_AUTO_TEST_CASE(its_iccids_carry_a_good_check_digit) {
  seed_demo(db, "$argon2id$demo");
  for (const auto& row : rows(500)) {
    BOOST_TEST(row.iccid.size() == 20u);
    int sum = 0;
    for (size_t i = 0; i < row.iccid.size(); ++i) {
      int digit = (row.iccid[row.iccid.size() - 1 - i] - '0') * (i % 2 == 1 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    BOOST_TEST(sum % 10 == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

#include "http/edge/receipt_answer.hpp"
#include "persistence/money/ledger.hpp"
#include "persistence/money/ledger_check.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/orders/orders.hpp"
#include "protocols/base/iccid.hpp"
#include "tests/fixtures/postings.hpp"
#include "tests/fixtures/waiting_session.hpp"
#include "tests/supply/stock_fixture.hpp"

#include <algorithm>
#include <thread>

// What is taken in, once, and what is withdrawn again.

using namespace meisim;
using namespace meisim::test;

namespace {

struct stock_import_fixture : stock_fixture {
  /// Imports codes A and B while an eSIM of this code is delivered.
  import_result import_beside_delivery(const std::string& delivered) {
    auto order = place_order();
    add_job(order);
    database import_session{here.connection(), "import"};
    database slow{here.connection(), "slow"};
    import_result result;
    std::jthread importer;
    {
      // The import cannot go on with this line before it is known whether somebody else has it.
      transaction tx{slow};
      slow.session()
        << "INSERT INTO inventory (id, carrier, plan_type, iccid, lpa) VALUES "
           "(gen_random_uuid(), 'att', 'qr', '8901410000000000001', 'LPA:1$smdp.test$A')";
      importer = std::jthread{[&] {
        result = insert_stock(import_session, {att,
                                               {{1, "8901410000000000001", "LPA:1$smdp.test$A"},
                                                {2, "8901410000000000002", "LPA:1$smdp.test$B"}}});
      }};
      BOOST_TEST(somebody_waits(here.connection()));
      BOOST_TEST(add_delivery_to_order(db, {{order, 1, "8988", delivered}, {}, 0}));
      tx.commit();
    }
    importer.join();
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stock_import_suite, stock_import_fixture)

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

BOOST_AUTO_TEST_CASE(an_import_waits_for_a_delivery_of_the_same_moment) {
  auto order = place_order();
  add_job(order);
  database other{here.connection(), "other"};
  import_result result;
  std::jthread importer;
  {
    transaction tx{db};
    BOOST_REQUIRE(add_delivery_to_order(db, {{order, 1, "8988", "LPA:1$smdp.test$A"}, {}, 0}));
    importer = std::jthread{[&] {
      result = insert_stock(other, {att,
                                    {{1, "8901410000000000001", "lpa:1$SMDP.test$A"},
                                     {2, "8901410000000000002", "LPA:1$smdp.test$B"}}});
    }};
    BOOST_TEST(somebody_waits(here.connection()));
    tx.commit();
  }
  importer.join();
  BOOST_TEST(result.imported == 1);
  BOOST_REQUIRE(result.duplicates.size() == 1u);
  BOOST_TEST(result.duplicates[0].reason == "this eSIM was delivered to an order");
}

BOOST_AUTO_TEST_CASE(a_delivery_waits_for_an_import_of_the_same_moment) {
  auto order = place_order();
  add_job(order);
  database other{here.connection(), "other"};
  std::string violated;
  std::jthread delivery;
  {
    transaction tx{db};
    insert_stock(db, {att, {{1, "8901410000000000001", "LPA:1$smdp.test$A"}}});
    delivery = std::jthread{[&] {
      try {
        add_delivery_to_order(other, {{order, 1, "8988", "lpa:1$SMDP.test$A"}, {}, 0});
      } catch (const soci::soci_error& error) {
        violated = read_failure(error).constraint;
      }
    }};
    BOOST_TEST(somebody_waits(here.connection()));
    tx.commit();
  }
  delivery.join();
  BOOST_TEST(violated == "order_esims_not_in_stock");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM order_esims") == 0);
}

BOOST_AUTO_TEST_CASE(no_delivery_waits_for_the_lines_of_an_import) {
  auto result = import_beside_delivery("LPA:1$smdp.test$C");
  BOOST_TEST(result.imported == 1);
  BOOST_REQUIRE(result.duplicates.size() == 1u);
  BOOST_TEST(result.duplicates[0].reason == "iccid is in stock already");
}

BOOST_AUTO_TEST_CASE(what_is_delivered_while_it_is_imported_is_left_out) {
  auto result = import_beside_delivery("lpa:1$SMDP.test$B");
  BOOST_TEST(result.imported == 0);
  BOOST_REQUIRE(result.duplicates.size() == 2u);
  BOOST_TEST(result.duplicates[1].reason == "this eSIM was delivered to an order");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM inventory") == 1);
}

BOOST_AUTO_TEST_CASE(nothing_to_import_is_no_fault) {
  auto result = insert_stock(db, {att, {}});
  BOOST_TEST(result.imported == 0);
  BOOST_TEST(result.duplicates.empty());
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

BOOST_AUTO_TEST_SUITE_END()

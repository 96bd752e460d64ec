#include "persistence/base/jobs.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/supply/quarantine.hpp"
#include "tests/supply/stock_fixture.hpp"

#include <string>
#include <vector>

// What may have been sold before the database was restored.

using namespace meisim;
using namespace meisim::test;

namespace {

struct quarantine_fixture : stock_fixture {
  void hold() {
    hold_all_jobs(db, "restored");
  }

  void let_go() {
    run("DELETE FROM job_holds");
  }

  std::vector<std::string> sellable() {
    std::vector<std::string> result;
    for (const auto& row : rows(100))
      result.push_back(row.iccid);
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(quarantine_records_suite, quarantine_fixture)

BOOST_AUTO_TEST_CASE(stock_goes_in_quarantine_only_while_work_is_held) {
  import(1, 3);
  BOOST_TEST(!quarantine(db, {{"1"}}));
  BOOST_TEST(sellable().size() == 3u);
  hold();
  auto held = sellable_rows(db, {att, 10, {}, {}});
  BOOST_TEST(held.is_held);
  BOOST_TEST(held.rows.empty());
  BOOST_TEST(quarantine(db, {{"1"}})->count == 1);
  BOOST_TEST(quarantine(db, {{"1"}})->count == 0);
  let_go();
  auto left = sellable();
  BOOST_TEST(left == (std::vector<std::string>{"2", "3"}), boost::test_tools::per_element());
  auto counts = counts_of(db, att);
  BOOST_TEST(counts.available == 2);
  auto lots = all_lots(db).lots;
  BOOST_REQUIRE_EQUAL(lots.size(), 1u);
  BOOST_TEST(lots[0].available == 2);
  BOOST_TEST(lots[0].quarantined == 1);
}

BOOST_AUTO_TEST_CASE(what_comes_next_at_either_end_is_kept_beside_what_was_sold) {
  import(1, 10);
  hold();
  BOOST_TEST(quarantine(db, {{"1", "2"}})->count == 2);
  BOOST_TEST(quarantine(db, {{}, 2})->count == 4);
  BOOST_TEST(quarantine(db, {{}, 2})->count == 0);
  let_go();
  auto left = sellable();
  BOOST_TEST(left == (std::vector<std::string>{"5", "6", "7", "8"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_imported_again_is_not_sold_again) {
  hold();
  BOOST_TEST(quarantine(db, {{"2"}})->count == 1);
  let_go();
  import(1, 3);
  auto left = sellable();
  BOOST_TEST(left == (std::vector<std::string>{"1", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_lot_is_released_but_for_what_was_sold) {
  import_stock lot{att, {}, "L-7"};
  for (int i = 1; i <= 4; ++i)
    lot.lines.push_back({i, std::to_string(i), "LPA:1$smdp.test$A-" + std::to_string(i)});
  insert_stock(db, lot);
  hold();
  quarantine(db, {{"1"}, 1});
  let_go();
  BOOST_TEST(sellable().size() == 1u);
  auto freed = release(db, {{"L-7", {}}, "no dealer has it"});
  BOOST_TEST(freed.count == 2);
  BOOST_REQUIRE_EQUAL(freed.pools.size(), 1u);
  BOOST_TEST(to_string(freed.pools[0]) == "att.qr");
  BOOST_TEST(sellable().size() == 3u);
  BOOST_TEST(release(db, {{{}, {"1"}}, "the head was another service's"}).count == 1);
  BOOST_TEST(sellable().size() == 4u);
  BOOST_TEST(release(db, {{{}, {"1"}}, "twice"}).count == 0);
}

BOOST_AUTO_TEST_CASE(what_a_later_head_tells_to_be_sold_stays_when_its_lot_is_released) {
  import_stock lot{att, {}, "L-8"};
  for (int i = 1; i <= 4; ++i)
    lot.lines.push_back({i, std::to_string(i), "LPA:1$smdp.test$A-" + std::to_string(i)});
  insert_stock(db, lot);
  hold();
  BOOST_TEST(quarantine(db, {{}, 1})->count == 2);
  // It was there, for less.
  BOOST_TEST(quarantine(db, {{"1"}})->count == 0);
  let_go();
  BOOST_TEST(release(db, {{"L-8", {}}, "no dealer has it"}).count == 1);
  auto left = sellable();
  BOOST_TEST(left == (std::vector<std::string>{"2", "3", "4"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_of_lost_orders_are_given_to_no_others) {
  auto before = next_order_numbers(db).first;
  hold();
  auto after = next_order_numbers(db).first;
  BOOST_TEST(after > before + 1'000'000);
  // A node that starts once more before the release passes over no more.
  hold();
  BOOST_TEST(next_order_numbers(db).first == after + 128);
}

BOOST_AUTO_TEST_CASE(a_node_may_take_its_time_to_hold_all_work) {
  auto before = next_order_numbers(db).first;
  db.session() << "SET statement_timeout = '50ms'";
  BOOST_CHECK_NO_THROW(hold());
  db.session() << "SET statement_timeout = 0";
  BOOST_TEST(next_order_numbers(db).first > before + 1'000'000);
}

BOOST_AUTO_TEST_CASE(an_order_may_have_been_placed_in_what_the_database_has_lost) {
  auto may_be = [&](const std::string& id, const std::string& age) {
    long long since = 0;
    db.session() << "SELECT placed_since('" + id + "', now() - interval '" + age
                      + "', restored_at, known_until) FROM service",
      soci::into(since);
    return since != 0;
  };
  const std::string random = "01890000-0000-7000-8000-000000000000";
  const std::string of_a_key = "01890000-0000-8000-8000-000000000000";
  place_order();
  BOOST_TEST(!may_be(of_a_key, "1 hour"));
  hold();
  BOOST_TEST(may_be(random, "1 hour"));
  BOOST_TEST(!may_be(random, "-1 hour"));
  BOOST_TEST(may_be(of_a_key, "-1 hour"));
  BOOST_TEST(!may_be(of_a_key, "-15 days"));
}

BOOST_AUTO_TEST_CASE(what_the_database_knew_is_asked_for_once_before_a_release) {
  auto known_until = [&] {
    std::string result;
    db.session() << "SELECT coalesce(known_until::text, '') FROM service", soci::into(result);
    return result;
  };
  place_order();
  hold();
  auto at_first = known_until();
  BOOST_TEST(!at_first.empty());
  place_order();
  hold();
  BOOST_TEST(known_until() == at_first);
}

BOOST_AUTO_TEST_SUITE_END()

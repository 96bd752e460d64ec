#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/read_json.hpp"
#include "tests/fixtures/run_program.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <fmt/core.h>

#include <fstream>
#include <string>

// An operator's work with stock and with sums, by meisimctl: as a table for people and as JSON.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service();
  /// A pool that no other test knows.
  std::string plan = "p" + to_string(make_uuid()).substr(24);

  ended_program ctl(const std::string& arguments) const {
    return run_program(
      "meisimctl", "--admin-url " + here.admin_url() + " --home " + here.home() + ' ' + arguments,
      "LC_ALL=C XDG_STATE_HOME=" + here.home() + "/none");
  }

  Json::Value ctl_json(const std::string& arguments) const {
    return read_json(ctl("--json " + arguments).output);
  }

  /// A file with two eSIMs that nobody else has, and a line that is none.
  std::string some_file() const {
    auto path = here.home() + '/' + plan + ".csv";
    std::ofstream file{path};
    file << "iccid,lpa\n";
    auto number = std::hash<std::string>{}(plan) % 100'000'000'000;
    for (int i = 0; i < 2; ++i)
      file << fmt::format("89014{:011}{:02},LPA:1$smdp.example.com${}-{}\n", number, i, plan, i);
    file << "none,none\n";
    return path;
  }

  ended_program import(const std::string& more = {}) const {
    return ctl("inventory import --carrier att --plan-type " + plan + " --lot " + plan
               + " --cost 1 " + more + ' ' + some_file());
  }

  Json::Value pool() const {
    for (const auto& one : here.admin_get("/admin/v1/inventory/pools").json())
      if (one["pool"].asString() == "att." + plan)
        return one;
    return {};
  }

  bool is_low(const std::string& arguments = {}) const {
    return ctl("inventory low" + arguments).says("att." + plan);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stock_desk_api_suite, fixture)

BOOST_AUTO_TEST_CASE(an_import_is_looked_at_before_it_is_done) {
  auto looked = import("--preview");
  BOOST_TEST(looked.status == 0, looked.output);
  BOOST_TEST(looked.says("2 imported, 0 duplicates, 1 rejected"));
  BOOST_TEST(pool().isNull());
  auto done = import();
  BOOST_TEST(done.says("2 imported, 0 duplicates, 1 rejected"), done.output);
  BOOST_TEST(import("--preview").says("0 imported, 2 duplicates, 1 rejected"));
  BOOST_TEST(pool()["available"].asInt() == 2);
  auto events = here.admin_get("/admin/v1/audit?subject=att." + plan).json();
  BOOST_TEST(events.size() == 1u);
  BOOST_TEST(here.admin_post("/admin/v1/inventory/att/" + plan + "?preview=maybe", "x").status
             == 400);
}

BOOST_AUTO_TEST_CASE(a_lot_tells_how_old_it_is) {
  import();
  for (const auto& lot : ctl_json("inventory lots"))
    if (lot["lot"].asString() == plan) {
      BOOST_TEST(lot["imported_at"].asString().starts_with("20"));
      BOOST_TEST(lot["oldest_available_at"] == lot["imported_at"]);
    }
  BOOST_TEST(ctl("inventory withdraw --lot " + plan + " --reason old").status == 0);
  for (const auto& lot : ctl_json("inventory lots"))
    if (lot["lot"].asString() == plan)
      BOOST_TEST(lot["oldest_available_at"].isNull());
}

BOOST_AUTO_TEST_CASE(each_pool_has_a_threshold_which_the_metrics_tell) {
  import();
  BOOST_TEST(pool()["threshold"].asInt() == 20);
  BOOST_TEST(is_low());
  auto set = ctl("inventory threshold att " + plan + " 2");
  BOOST_TEST(set.status == 0, set.output);
  BOOST_TEST(!is_low());
  BOOST_TEST(is_low(" --threshold 3"));
  BOOST_TEST(ctl("inventory threshold att none-" + plan + " 2").status == 1);
  BOOST_TEST(ctl("inventory threshold att " + plan + " many").status == 2);
  BOOST_TEST(comes_true([&] {
    auto metrics = call({"GET", here.admin_url() + "/metrics", {}, {}}).body;
    return metrics.find("meisim_stock_threshold{pool=\"att." + plan + "\"} 2") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_CASE(sales_are_a_file_by_day_dealer_product_and_country) {
  auto owner = here.add_dealer("100.00");
  auto placed = here.post("/dealer/order",
                          R"({"productId":"p3:data-us-5gb","customerName":"E",)"
                          R"("customerEmail":"filed@example.com"})",
                          {owner.key_header});
  BOOST_REQUIRE_EQUAL(here.final_status(owner, placed.json()["orderId"].asString()), "completed");
  auto today = rfc3339(now()).substr(0, 10);
  auto period = " --from " + today + " --to " + today;
  auto file = ctl("report sales --csv" + period);
  BOOST_TEST(file.status == 0, file.output);
  BOOST_TEST(file.says("day,dealer,product,country,orders,units,revenue_usd,cost_usd,margin_usd"));
  BOOST_TEST(file.says(today + ',' + owner.email + ",p3:data-us-5gb,US,1,1,"));
  BOOST_TEST(ctl_json("report sales --csv" + period)["csv"].asString().find(owner.email)
             != std::string::npos);
  BOOST_TEST(ctl("report sales --csv --by dealer" + period).status == 2);
}

BOOST_AUTO_TEST_CASE(lists_begin_at_a_day_or_at_a_time) {
  auto soon = rfc3339(now() + std::chrono::hours{1});
  BOOST_TEST(ctl_json("order list --since " + soon).empty());
  BOOST_TEST(ctl_json("audit list --since " + soon).empty());
  BOOST_TEST(!ctl_json("audit list --since 2020-01-01").empty());
  auto wrong = here.admin_get("/admin/v1/orders?since=soon").json();
  BOOST_TEST(wrong["field"].asString() == "since");
}

BOOST_AUTO_TEST_CASE(options_of_the_tool_stand_anywhere) {
  BOOST_TEST(ctl("bundle map list --json").says("\"routes\""));
  BOOST_TEST(ctl("operator token list --json").says("automation"));
}

BOOST_AUTO_TEST_SUITE_END()

#include "tests/fixtures/read_json.hpp"
#include "tests/fixtures/run_program.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

// What a provider lists itself, held against what was delivered here.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : service {
  account owner = add_dealer("100.00");
  std::string today = rfc3339(now()).substr(0, 10);
  std::string reconcile = "provider reconcile p3 --fetch --from " + today + " --to " + today;

  fixture() : service({"--rate-limits", "off"}) {
    // nop
  }

  ended_program ctl(const std::string& arguments) const {
    return run_program("meisimctl",
                       "--admin-url " + admin_url() + " --home " + home() + ' ' + arguments,
                       "LC_ALL=C XDG_STATE_HOME=" + home() + "/none");
  }

  void buy(const std::string& path, const std::string& body) const {
    auto answer = post(path, body, {owner.key_header});
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    if (path == "/dealer/order")
      BOOST_REQUIRE_EQUAL(final_status(owner, answer.json()["orderId"].asString()), "completed");
  }

  void buy_some() const {
    buy("/dealer/order", R"({"productId":"p3:data-us-5gb","quantity":2,"customerName":"E",)"
                         R"("customerEmail":"e@example.com"})");
    buy("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})");
    buy("/api/v1/topup/recharge",
        R"({"networkName":"Vodafone-UK","contactNumber":"07700 900000","topUpValue":20})");
  }

  /// As an order of a time that a restored database does not know.
  void buy_unknown() const {
    auto sold = call({"POST",
                      sandbox_url() + "/v1/orders",
                      {"Content-Type: application/json"},
                      R"({"reference":"lost-1","product":"esim_5gb_30days_jp"})"});
    BOOST_REQUIRE_EQUAL(sold.status, 201);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_list_api_suite, fixture)

BOOST_AUTO_TEST_CASE(what_was_delivered_is_on_the_provider_s_list) {
  buy_some();
  auto same = ctl(reconcile);
  BOOST_TEST(same.status == 0, same.output);
  BOOST_TEST(same.says("ok: 4 units were delivered"));
  auto page = admin_get("/admin/v1/providers/p3/list?from=" + today + "&to=" + today).json();
  BOOST_TEST(page["data"].size() == 4u);
  BOOST_TEST(page["nextPage"].isNull());
}

BOOST_AUTO_TEST_CASE(what_is_not_here_is_told_by_the_provider_and_by_the_report_of_a_restore) {
  buy_some();
  buy_unknown();
  auto differs = ctl("--json " + reconcile);
  BOOST_TEST(differs.status == 1);
  auto told = read_json(differs.output)["differences"];
  BOOST_REQUIRE_EQUAL(told.size(), 1u);
  BOOST_TEST(told[0]["what"].asString() == "not delivered here");
  BOOST_TEST(told[0]["theirs"].asString() == "6.50");
  auto report = read_json(ctl("--json restore report").output);
  BOOST_TEST(report["providers"]["p3"]["differences"][0]["id"] == told[0]["id"]);
  BOOST_TEST(ctl("restore report").says("p3 and its list differ in 1 order:"));
}

BOOST_AUTO_TEST_CASE(a_list_is_asked_for_by_days_and_pages) {
  auto path = std::string{"/admin/v1/providers/"};
  BOOST_TEST(admin_get(path + "p3/list?from=soon&to=" + today).json()["field"].asString()
             == "from");
  BOOST_TEST(admin_get(path + "p3/list?from=" + today + "&to=" + today + "&page=x").status == 400);
  BOOST_TEST(admin_get(path + "p99/list?from=" + today + "&to=" + today).status == 404);
  BOOST_TEST(ctl(reconcile + " invoice.csv").status == 2);
}

BOOST_AUTO_TEST_SUITE_END()

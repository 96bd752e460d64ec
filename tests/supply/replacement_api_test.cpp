#include "tests/fixtures/service.hpp"

#include <chrono>
#include <thread>

// The replacement of eSIMs that are said to be broken, walked through to its ends.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

constexpr auto prefix = "/api/portal/v1";

struct fixture {
  service here{
    {"--rate-limits", "off", "--simulated-devices", "3", "--simulated-latency-ms", "10"}};
  service::account owner = here.add_dealer("3000.00");
  std::string sku =
    here.get(std::string{prefix} + "/services/esim_supply_att/skus", {owner.portal_header})
      .json()["skus"][0]["id"]
      .asString();

  fixture() {
    // The demonstration's stock goes first.
    buy(500);
  }

  Json::Value buy(int quantity) const {
    auto reply =
      here.post(std::string{prefix} + "/services/esim_supply_att/execute",
                R"({"sku_id":")" + sku + R"(","quantity":)" + std::to_string(quantity) + '}',
                {owner.portal_header});
    BOOST_REQUIRE_EQUAL(reply.status, 200);
    return reply.json();
  }

  void import(const std::string& iccid, const std::string& matching_id) const {
    auto reply =
      here.admin_post("/admin/v1/inventory/att/qr",
                      "iccid,lpa\n" + iccid + ",LPA:1$smdp.example.com$" + matching_id + '\n');
    BOOST_REQUIRE_EQUAL(reply.json()["imported"].asInt(), 1);
  }

  /// Imports an eSIM, and buys it.
  void own(const std::string& iccid, const std::string& matching_id) const {
    import(iccid, matching_id);
    BOOST_REQUIRE_EQUAL(buy(1)["result"]["esims"][0]["iccid"].asString(), iccid);
  }

  web_reply replace(const std::string& iccid) const {
    return here.post(std::string{prefix} + "/esim-supply/replace", R"({"iccid":")" + iccid + "\"}",
                     {owner.portal_header});
  }

  Json::Value status(const std::string& check) const {
    return here
      .get(std::string{prefix} + "/esim-supply/replace/status/" + check, {owner.portal_header})
      .json();
  }

  /// The check's answer once it is this decision.
  Json::Value decided(const std::string& check, const std::string& decision) const {
    Json::Value last;
    for (int i = 0; i < 200 && last["decision"].asString() != decision; ++i) {
      last = status(check);
      std::this_thread::sleep_for(50ms);
    }
    BOOST_TEST(last["decision"].asString() == decision);
    return last;
  }

  std::string begin(const std::string& iccid) const {
    auto reply = replace(iccid);
    BOOST_REQUIRE_EQUAL(reply.status, 200);
    BOOST_TEST(reply.json()["decision"].asString() == "submitted");
    return reply.json()["check_id"].asString();
  }

  std::string state_of(const std::string& iccid) const {
    auto list =
      here.get(std::string{prefix} + "/esim-supply/my?limit=1000", {owner.portal_header}).json();
    for (const auto& esim : list["esims"])
      if (esim["iccid"].asString() == iccid)
        return esim["status"].asString();
    return "not mine";
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(replacement_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_used_esim_waits_for_stock_and_gets_the_next_import) {
  own("8901410999000000017", "USED-1");
  auto check = begin("8901410999000000017");
  auto waiting = decided(check, "awaiting_restock");
  BOOST_TEST(waiting["validator_status"].asString() == "used");
  BOOST_TEST(state_of("8901410999000000017") == "burned");
  // Whatever is sent twice: it is one check.
  BOOST_TEST(replace("8901410999000000017").json()["check_id"].asString() == check);
  import("8901410999000000025", "AVAILABLE-1");
  auto done = decided(check, "replaced");
  BOOST_TEST(done["replacement"]["iccid"].asString() == "8901410999000000025");
  BOOST_TEST(done["replacement"]["lpa"].asString() == "LPA:1$smdp.example.com$AVAILABLE-1");
  BOOST_TEST(state_of("8901410999000000025") == "sold");
  BOOST_TEST(replace("8901410999000000017").status == 409);
  auto stats =
    here.get(std::string{prefix} + "/esim-supply/stock", {owner.portal_header}).json()["stats"];
  BOOST_TEST(stats["att.qr.available"].asInt() == 0);
  BOOST_TEST(stats["att.qr.burned"].asInt() == 1);
  BOOST_TEST(stats["att.qr.sold"].asInt() == 501);
  // Nothing was charged for it.
  auto wallet = here.get(std::string{prefix} + "/wallet", {owner.portal_header}).json();
  BOOST_TEST(wallet["balance_usd"].asDouble() == 3000.0 - 501 * 4.0);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_used_esim_is_replaced_from_stock_at_once) {
  own("8901410999000000017", "USED-2");
  import("8901410999000000025", "AVAILABLE-2");
  auto done = decided(begin("8901410999000000017"), "replaced");
  BOOST_TEST(done["replacement"]["iccid"].asString() == "8901410999000000025");
  // What it got may break as well.
  decided(begin("8901410999000000025"), "install_again");
}

BOOST_AUTO_TEST_CASE(an_available_esim_is_to_be_installed_again) {
  own("8901410999000000017", "AVAILABLE-3");
  auto check = begin("8901410999000000017");
  auto done = decided(check, "install_again");
  BOOST_TEST(done["validator_status"].asString() == "available");
  BOOST_TEST(!done["message"].asString().empty());
  BOOST_TEST(state_of("8901410999000000017") == "sold");
  // It may be asked about again later, by another check.
  BOOST_TEST(begin("8901410999000000017") != check);
}

BOOST_AUTO_TEST_CASE(anything_else_goes_to_the_operator) {
  own("8901410999000000017", "UNKNOWN-1");
  own("8901410999000000025", "INVALID-1");
  auto first = begin("8901410999000000017");
  auto second = begin("8901410999000000025");
  decided(first, "admin_review");
  decided(second, "admin_review");
  auto reviews = here.admin_get("/admin/v1/reviews").json();
  BOOST_REQUIRE_EQUAL(reviews.size(), 2U);
  BOOST_TEST(reviews[0]["check_id"].asString() == first);
  BOOST_TEST(here.admin_post("/admin/v1/reviews/" + first, R"({"decision":"maybe"})").status
             == 400);
  auto kept =
    here.admin_post("/admin/v1/reviews/" + first, R"({"decision":"reject","note":"works here"})");
  BOOST_TEST(kept.json()["decided_by"].asString() == "operator");
  BOOST_TEST(kept.json()["note"].asString() == "works here");
  decided(first, "rejected");
  import("8901410999000000033", "AVAILABLE-4");
  here.admin_post("/admin/v1/reviews/" + second, R"({"decision":"replace"})");
  auto done = decided(second, "replaced");
  BOOST_TEST(done["replacement"]["iccid"].asString() == "8901410999000000033");
  BOOST_TEST(here.admin_post("/admin/v1/reviews/" + second, R"({"decision":"replace"})").status
             == 404);
}

BOOST_AUTO_TEST_CASE(a_withdrawn_lot_is_sold_no_more_and_what_was_sold_is_listed) {
  auto taken = here.admin_post("/admin/v1/inventory/att/qr?lot=L-7&cost_usd=1.25",
                               "8901410999000000017,LPA:1$smdp.example.com$L-1\n"
                               "8901410999000000025,LPA:1$smdp.example.com$L-2\n"
                               "8901410999000000033,lpa:1$SMDP.example.com$L-1$\n");
  BOOST_TEST(taken.json()["imported"].asInt() == 2);
  BOOST_TEST(taken.json()["duplicates"].asInt() == 1);
  BOOST_TEST(taken.json()["duplicate_lines"][0]["line"].asInt() == 3);
  // The pool has the other one in memory from now on.
  BOOST_TEST(buy(1)["result"]["esims"][0]["iccid"].asString() == "8901410999000000017");
  auto gone = here.admin_post("/admin/v1/inventory/withdraw",
                              R"({"lot":"L-7","reason":"the carrier has recalled them"})");
  BOOST_REQUIRE_EQUAL(gone.status, 200);
  BOOST_TEST(gone.json()["withdrawn"].asInt() == 1);
  BOOST_REQUIRE_EQUAL(gone.json()["sold"].size(), 1U);
  BOOST_TEST(gone.json()["sold"][0]["iccid"].asString() == "8901410999000000017");
  BOOST_TEST(gone.json()["sold"][0]["dealer"].asString() == owner.email);
  auto more = here.post(std::string{prefix} + "/services/esim_supply_att/execute",
                        R"({"sku_id":")" + sku + R"(","quantity":1})", {owner.portal_header});
  BOOST_TEST(more.status == 502);
  Json::Value lot;
  for (const auto& each : here.admin_get("/admin/v1/inventory/lots").json())
    if (each["lot"].asString() == "L-7")
      lot = each;
  BOOST_TEST(lot["cost_usd"].asDouble() == 1.25);
  BOOST_TEST(lot["sold"].asInt() == 1);
  BOOST_TEST(lot["withdrawn"].asInt() == 1);
  BOOST_TEST(here.admin_get("/admin/v1/inventory/lots/L-7/sold").json().size() == 1U);
  BOOST_TEST(here.admin_post("/admin/v1/inventory/withdraw", R"({"lot":"L-8","reason":"x"})").status
             == 404);
  BOOST_TEST(here.admin_post("/admin/v1/inventory/withdraw", R"({"reason":"x"})").status == 400);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(only_the_buyer_may_ask) {
  own("8901410999000000017", "USED-5");
  auto stranger = here.add_dealer("10.00");
  auto ask = [&](const std::string& iccid) {
    return here
      .post(std::string{prefix} + "/esim-supply/replace", R"({"iccid":")" + iccid + "\"}",
            {stranger.portal_header})
      .status;
  };
  BOOST_TEST(ask("8901410999000000017") == 404);
  BOOST_TEST(ask("8901410000000000000") == 404);
  auto check = begin("8901410999000000017");
  BOOST_TEST(
    here.get(std::string{prefix} + "/esim-supply/replace/status/" + check, {stranger.portal_header})
      .status
    == 404);
  BOOST_TEST(replace("").status == 400);
}

BOOST_AUTO_TEST_CASE(purchases_and_checks_are_listed) {
  own("8901410999000000314", "AVAILABLE-314");
  auto check = replace("8901410999000000314").json()["check_id"].asString();
  auto list = [&](const std::string& path) {
    auto answer = here.get(prefix + path, {owner.portal_header});
    BOOST_TEST_REQUIRE(answer.status == 200, answer.body);
    return answer.json();
  };
  auto page = list("/esim-supply/purchases?limit=1");
  BOOST_REQUIRE_EQUAL(page["data"].size(), 1u);
  const auto& last = page["data"][0];
  BOOST_TEST(last["quantity_filled"].asInt() == 1);
  auto rest = list("/esim-supply/purchases?cursor=" + page["next_cursor"].asString())["data"];
  BOOST_REQUIRE_EQUAL(rest.size(), 1u);
  BOOST_TEST(rest[0]["quantity_ordered"].asInt() == 500);
  auto wallet = here.get("/dealer/wallet", {owner.key_header}).json();
  BOOST_TEST(wallet["transactions"][0]["related_order_id"].asString()
             == last["vendor_order_ref"].asString());
  auto checks = list("/esim-supply/replace");
  BOOST_REQUIRE_EQUAL(checks["data"].size(), 1u);
  BOOST_TEST(checks["data"][0]["check_id"].asString() == check);
  BOOST_TEST(checks["data"][0]["iccid"].asString() == "8901410999000000314");
  BOOST_TEST(checks["next_cursor"].isNull());
}

BOOST_AUTO_TEST_SUITE_END()

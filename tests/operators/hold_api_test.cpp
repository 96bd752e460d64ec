#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

// A node on a restored database keeps still until it is told not to.

using namespace meisim::test;

BOOST_AUTO_TEST_SUITE(hold_api_suite)

BOOST_AUTO_TEST_CASE(nothing_is_bought_or_mailed_before_the_release) {
  service here{{"--rate-limits", "off", "--hold"}};
  auto owner = here.add_dealer("100.00");
  auto order = here.post("/dealer/order",
                         R"({"productId":"p3:data-us-5gb","customerEmail":"held@example.com",)"
                         R"("customerName":"H"})",
                         {owner.key_header});
  BOOST_REQUIRE_EQUAL(order.status, 200);
  // On account nobody can wait: it is refused, and may be repeated.
  auto refused =
    here.post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})", {owner.key_header});
  BOOST_TEST(refused.status == 503);
  BOOST_REQUIRE(comes_true([&] {
    auto health = here.admin_get("/admin/v1/health").json();
    for (const auto& part : health["parts"])
      if (part["name"].asString() == "orders")
        return part["reason"].asString() == "all work is held: meisimctl release";
    return false;
  }));
  auto restored = here.admin_get("/admin/v1/restored").json();
  BOOST_TEST(restored["held"].asBool());
  BOOST_TEST(restored["waiting"]["fulfil"].asInt() == 1);
  auto id = order.json()["orderId"].asString();
  BOOST_TEST(here.admin_get("/admin/v1/orders/" + id).json()["attempts"].asInt() == 0);
  BOOST_TEST(here.admin_post("/admin/v1/release", "{}").status == 200);
  BOOST_TEST(here.final_status(owner, id) == "completed");
  BOOST_TEST(here.admin_post("/admin/v1/release", "{}").status == 404);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(what_may_have_been_sold_is_kept_beyond_the_release) {
  service here{{"--rate-limits", "off", "--hold"}};
  auto owner = here.add_dealer("100.00");
  const std::string portal = "/api/portal/v1/services/esim_supply_att";
  auto sku = here.get(portal + "/skus", {owner.portal_header}).json()["skus"][0]["id"].asString();
  auto buy = [&] {
    return here.post(portal + "/execute", R"({"sku_id":")" + sku + R"(","quantity":1})",
                     {owner.portal_header});
  };
  auto refused = buy();
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.json()["code"].asString() == "unavailable");
  const std::string path = "/admin/v1/inventory/quarantine";
  BOOST_TEST(here.admin_post(path, "{}").status == 400);
  auto kept = here.admin_post(path, R"({"next_of_each_pool":2})");
  BOOST_REQUIRE_EQUAL(kept.status, 200);
  BOOST_TEST(kept.json()["quarantined"].asInt() == 4);
  auto listed = here.admin_get(path).json();
  BOOST_REQUIRE_EQUAL(listed.size(), 4u);
  BOOST_TEST(listed[0]["why"].asString() == "next");
  auto first = listed[0]["iccid"].asString();
  BOOST_TEST(here.admin_get("/admin/v1/restored").json()["quarantined"].asInt() == 4);
  BOOST_TEST(here.admin_post("/admin/v1/release", "{}").status == 200);
  BOOST_TEST(here.admin_post(path, R"({"next_of_each_pool":2})").status == 409);
  auto bought = buy().json()["result"]["esims"][0]["iccid"].asString();
  for (const auto& esim : listed)
    BOOST_TEST(esim["iccid"].asString() != bought);
  auto sold = here.admin_get("/admin/v1/inventory/sold").json()["iccids"];
  BOOST_REQUIRE_EQUAL(sold.size(), 1u);
  BOOST_TEST(sold[0].asString() == bought);
  // The dealers were asked: nobody has it.
  auto wish = R"({"iccids":[")" + first + R"("],"reason":"nobody has it"})";
  auto freed = here.admin_post("/admin/v1/inventory/release", wish);
  BOOST_TEST(freed.json()["released"].asInt() == 1);
  BOOST_TEST(here.admin_post("/admin/v1/inventory/release", wish).status == 404);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_held_sells_nothing_and_the_others_go_on) {
  service here;
  auto owner = here.add_dealer("100.00");
  auto hold =
    here.admin_post("/admin/v1/providers/p3/hold", R"({"reason":"the invoice is wrong"})");
  BOOST_REQUIRE_EQUAL(hold.status, 200);
  auto order = here.post("/dealer/order",
                         R"({"productId":"p3:data-us-5gb","customerEmail":"held@example.com",)"
                         R"("customerName":"H"})",
                         {owner.key_header});
  // On account nobody can wait, whichever bundles bear the provider's prefix.
  auto refused =
    here.post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})", {owner.key_header});
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.json()["code"].asString() == "unavailable");
  auto listed = here.admin_get("/admin/v1/providers").json()[0];
  BOOST_TEST(listed["prefix"].asString() == "p3");
  BOOST_TEST(listed["waiting"].asInt() == 1);
  BOOST_TEST(listed["held"].asString() == "the invoice is wrong");
  // Its catalogue was fetched.
  BOOST_TEST(listed["calls"]["answered"].asInt() >= 1);
  BOOST_TEST(listed["calls"]["medianMs"].asInt() >= 1);
  BOOST_TEST(here.admin_post("/admin/v1/providers/p8/hold", R"({"reason":"x"})").status == 404);
  BOOST_TEST(here.admin_post("/admin/v1/providers/p3/release", "{}").status == 200);
  BOOST_TEST(here.final_status(owner, order.json()["orderId"].asString()) == "completed");
}

BOOST_AUTO_TEST_SUITE_END()

#include "persistence/base/session.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/ctl.hpp"
#include "tests/fixtures/service.hpp"

#include <string>

// The same bundle from two providers, over HTTP and by meisimctl: who is asked, and who never is.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr auto japan = "esim_5gb_30days_jp";

/// The first provider and one that sells the same.
struct two_sellers {
  service here{{"--rate-limits", "off", "--provider-timeout-ms", "2000", "--provider-patience-ms",
                "4000", "--provider-breaker-failures", "2", "--provider",
                "p4=packages@{sandbox}/packages-api"}};
  service::account owner = here.add_dealer("100.00");

  two_sellers() {
    BOOST_REQUIRE(comes_true([&] { return is_sold("p4:esim_5gb_30days_jp"); }));
    BOOST_REQUIRE(comes_true([&] { return is_sold(japan); }));
  }

  web_reply post(const std::string& path, const std::string& body) const {
    return here.post(path, body, {owner.key_header});
  }

  bool is_sold(const std::string& bundle) const {
    return post("/api/v1/esim/order", R"({"bundleName":")" + bundle + R"(","validateOnly":true})")
             .status
           == 200;
  }

  web_reply order(const std::string& bundle) const {
    return post("/api/v1/esim/order", R"({"bundleName":")" + bundle + "\"}");
  }

  /// Placed from the wallet; how it ends.
  std::string end_of_order(const std::string& product) const {
    auto placed =
      post("/dealer/order", R"({"productId":")" + product
                              + R"(","customerEmail":"e@example.com","customerName":"E"})");
    BOOST_REQUIRE_MESSAGE(placed.status == 200, placed.body);
    return here.final_status(owner, placed.json()["orderId"].asString());
  }

  int sold(const std::string& root) const {
    auto url = here.sandbox_url() + root + "/test/provider/orders";
    return call({"GET", url, {}, {}}).json()["count"].asInt();
  }

  void take_away(const std::string& root) const {
    call({"POST",
          here.sandbox_url() + root + "/test/provider/outage",
          {"Content-Type: application/json"},
          R"({"seconds":600})"});
  }

  Json::Value of_provider(const std::string& prefix) const {
    for (const auto& one : ctl_json(here, "provider list"))
      if (one["prefix"].asString() == prefix)
        return one;
    return {};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(routes_api_suite, two_sellers)

BOOST_AUTO_TEST_CASE(a_pin_says_of_whom_it_is_bought_and_questions_go_there) {
  auto added = ctl_json(here, std::string{"bundle map add "} + japan + " p4:" + japan);
  BOOST_TEST(added["other"].asString() == std::string{"p4:"} + japan);
  auto listed = ctl_json(here, "bundle map list");
  BOOST_REQUIRE_EQUAL(listed["routes"].size(), 1u);
  auto before = ctl_json(here, std::string{"route explain "} + japan);
  BOOST_TEST(before["first"].asString() == japan);
  BOOST_TEST(before["choices"].size() == 2u);
  BOOST_TEST(ctl(here, std::string{"bundle pin --provider p4 --product "} + japan).status == 0);
  auto after = ctl_json(here, std::string{"route explain "} + japan);
  BOOST_TEST(after["first"].asString() == std::string{"p4:"} + japan);
  BOOST_TEST(after["choices"][1]["obstacle"].asString() == "it is to be bought of p4 alone");
  auto bought = order(japan);
  BOOST_REQUIRE_MESSAGE(bought.status == 200, bought.body);
  BOOST_TEST(bought.json()["BundleName"].asString() == japan);
  BOOST_TEST(sold("/packages-api") == 1);
  BOOST_TEST(sold("") == 0);
  auto esim = R"({"iccid":")" + bought.json()["Iccid"].asString() + "\"}";
  BOOST_TEST(post("/api/v1/esim/details", esim).status == 200);
  BOOST_TEST(post("/api/v1/esim/revoke", esim).status == 200);
  auto shown = ctl_json(here, "order show " + bought.json()["OrderId"].asString());
  BOOST_TEST(shown["esims"][0]["boughtAs"].asString() == std::string{"p4:"} + japan);
  // Its invoice has the order, and the other provider's has not.
  BOOST_TEST(ctl_json(here, "provider reconcile p4 --from 2020-01-01 --to 2099-01-01").size()
             == 1u);
  BOOST_TEST(ctl_json(here, "provider reconcile p3 --from 2020-01-01 --to 2099-01-01").size()
             == 0u);
  ctl_json(here, std::string{"bundle pin --product "} + japan);
  ctl_json(here, std::string{"bundle map remove "} + japan + " p4:" + japan);
  BOOST_TEST(ctl(here, std::string{"bundle map remove "} + japan + " p4:" + japan).status == 1);
  BOOST_TEST(ctl_json(here, std::string{"route explain "} + japan)["choices"].size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_one_surely_does_not_sell_the_next_one_does) {
  ctl_json(here, std::string{"bundle map add "} + japan + " p4:" + japan);
  ctl_json(here, "bundle map add p3:data-us-5gb p4:data-us-5gb");
  // It is refused there, and sold here, where it costs more.
  ctl_json(here, "price set esim_sandbox-reject --price 9.00");
  ctl_json(here, "bundle map add esim_sandbox-reject p4:esim_3gb_30days_us");
  auto refused_once = order("esim_sandbox-reject");
  BOOST_TEST(refused_once.status == 200, refused_once.body);
  BOOST_TEST(sold("/packages-api") == 1);
  take_away("");
  auto bought = order(japan);
  BOOST_TEST(bought.status == 200, bought.body);
  BOOST_TEST(end_of_order("p3:data-us-5gb") == "completed");
  BOOST_TEST(sold("/packages-api") == 3);
  auto told = ctl_json(here, std::string{"route explain "} + japan);
  BOOST_TEST(told["first"].asString() == std::string{"p4:"} + japan);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(nobody_else_is_asked_while_it_may_be_bought) {
  ctl_json(here, "bundle map add esim_sandbox-timeout p4:esim_sandbox-timeout");
  ctl_json(here, "bundle map add p3:sandbox-timeout p4:sandbox-timeout");
  auto answer = order("esim_sandbox-timeout");
  BOOST_TEST((answer.status == 200 || answer.status == 202), answer.body);
  BOOST_TEST(end_of_order("p3:sandbox-timeout") == "completed");
  BOOST_TEST(sold("") == 2);
  BOOST_TEST(sold("/packages-api") == 0);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(what_is_not_the_same_is_not_mapped) {
  auto add = [&](const std::string& product, const std::string& other) {
    return here.admin_post("/admin/v1/routes",
                           R"({"product":")" + product + R"(","other":")" + other + "\"}");
  };
  auto less = add(japan, "p4:esim_1gb_7days_jp");
  BOOST_TEST(less.status == 400);
  BOOST_TEST(less.json()["field"].asString() == "other");
  BOOST_TEST(add(japan, "p4:none").json()["message"].asString()
             == "other names no product or bundle of the catalogue");
  BOOST_TEST(here.admin_post("/admin/v1/routes/pin", R"({"product":"x","provider":"p9"})").status
             == 404);
  BOOST_TEST(here.admin_post("/admin/v1/routes/pin", R"({"provider":"p4"})").status == 400);
  // As the document of the API says.
  auto pair = std::string{R"({"product":")"} + japan + R"(","other":"p4:)" + japan + "\"}";
  BOOST_TEST(here.admin_post("/admin/v1/routes", pair).status == 200);
  BOOST_TEST(here
               .admin_post("/admin/v1/routes/pin",
                           std::string{R"({"provider":"p4","product":")"} + japan + "\"}")
               .status
             == 200);
  for (const std::string path : {"/admin/v1/routes", "/admin/v1/routes/proposals?country=JP",
                                 "/admin/v1/routes/explain?product=esim_5gb_30days_jp",
                                 "/admin/v1/prices/losses", "/admin/v1/providers"})
    BOOST_TEST(here.admin_get(path).status == 200, path);
  BOOST_TEST(here.admin_get("/admin/v1/routes/explain?product=none").status == 404);
  BOOST_TEST(here.admin_post("/admin/v1/routes/remove", pair).status == 200);
  BOOST_TEST(here.admin_post("/admin/v1/routes/remove", pair).status == 404);
  auto proposed = ctl_json(here, std::string{"bundle map propose --product "} + japan);
  BOOST_REQUIRE_EQUAL(proposed.size(), 1u);
  BOOST_TEST(proposed[0]["other"].asString() == std::string{"p4:"} + japan);
}

BOOST_AUTO_TEST_CASE(what_costs_more_than_its_price_is_not_sold_until_that_is_meant) {
  BOOST_TEST(of_provider("p3")["notSold"].asInt() == 0);
  // The provider has become dearer since the price was set.
  database db{here.database_connection(), "test"};
  db.session()
    << "INSERT INTO price_rules (id, country, product, price_cents, starts_at, "
       "created_by) VALUES (gen_random_uuid(), '', 'p3:data-us-5gb', 899, now(), 'test')";
  auto wish = R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com",)"
              R"("customerName":"E"})";
  BOOST_REQUIRE(comes_true([&] { return of_provider("p3")["notSold"].asInt() == 1; }));
  auto refused = post("/dealer/order", wish);
  BOOST_TEST(refused.status == 409, refused.body);
  BOOST_TEST(refused.json()["code"].asString() == "wrong_state");
  BOOST_TEST(refused.json()["field"].asString() == "productId");
  auto offers = here.get("/dealer/products?q=data-us-5gb", {owner.key_header}).json()["data"];
  for (const auto& offer : offers)
    BOOST_TEST(offer["id"].asString() != "p3:data-us-5gb");
  auto losses = ctl_json(here, "price losses");
  BOOST_REQUIRE_EQUAL(losses.size(), 1u);
  BOOST_TEST(losses[0]["costUsd"].asDouble() == 9.0);
  BOOST_TEST(losses[0]["priceUsd"].asDouble() == 8.99);
  BOOST_TEST(!ctl_json(here, "price explain p3:data-us-5gb")["sold"].asBool());
  auto health = [&] {
    auto report = here.admin_get("/admin/v1/health").json();
    for (const auto& part : report["parts"])
      if (part["name"].asString() == "prices")
        return part["status"].asString();
    return std::string{};
  };
  BOOST_TEST(comes_true([&] { return health() == "degraded"; }));
  ctl_json(here, "price set p3:data-us-5gb --price 8.99 --below-cost");
  BOOST_TEST(post("/dealer/order", wish).status == 200);
  BOOST_TEST(comes_true([&] { return health() == "ok"; }));
}

BOOST_AUTO_TEST_CASE(what_a_provider_can_do_is_told) {
  auto first = of_provider("p3");
  BOOST_TEST(first["format"].asString() == "standard");
  BOOST_TEST(first["circuit"].asString() == "closed");
  std::string can;
  for (const auto& one : first["capabilities"])
    can += one.asString() + ' ';
  BOOST_TEST(can.find("look_up ") != std::string::npos);
  BOOST_TEST(can.find("sim_topup ") != std::string::npos);
  auto offers = here.get("/dealer/products?limit=1", {owner.key_header}).json()["data"];
  BOOST_TEST(offers[0]["refundable"].isBool());
  BOOST_TEST(offers[0]["topUp"].isBool());
}

BOOST_AUTO_TEST_SUITE_END()

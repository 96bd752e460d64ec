#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"
#include "tests/orders/at_providers.hpp"

#include <csignal>

// Providers that exist, as the sandbox plays them, over real HTTP.

using namespace meisim::test;

namespace {

struct fixture {
  service here{{"--rate-limits", "off", "--stuck-after-seconds", "1", "--provider",
                "p5=esim-go@{sandbox}/esim-go-api,timeout-ms=2000,patience-ms=8000", "--provider",
                "p6=esim-access@{sandbox}/esim-access-api,timeout-ms=2000,patience-ms=8000",
                "--provider", "p7=airalo@{sandbox}/airalo-api,timeout-ms=2000,patience-ms=8000",
                "--provider", "p8=packages@{sandbox}/packages-api"}};
  service::account owner = here.add_dealer("100.00");

  fixture() {
    BOOST_REQUIRE(comes_true([&] { return is_sold("p5:esim_5GB_30D_JP_V2"); }));
    BOOST_REQUIRE(comes_true([&] { return is_sold("p6:JP_5_30"); }));
    BOOST_REQUIRE(comes_true([&] { return is_sold("p7:jp-5gb-30days"); }));
    BOOST_REQUIRE(comes_true([&] { return is_sold("p8:esim_5gb_30days_jp"); }));
  }

  bool is_sold(const std::string& bundle) const {
    return post("/api/v1/esim/order", R"({"bundleName":")" + bundle + R"(","validateOnly":true})")
             .status
           == 200;
  }

  web_reply post(const std::string& path, const std::string& body) const {
    return here.post(path, body, {owner.key_header});
  }

  web_reply order(const std::string& bundle) const {
    return post("/api/v1/esim/order", R"({"bundleName":")" + bundle + "\"}");
  }

  web_reply add_data(const std::string& iccid, const std::string& bundle) const {
    return post("/api/v1/esim/topup",
                R"({"iccid":")" + iccid + R"(","bundleName":")" + bundle + "\"}");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(real_providers_suite, fixture)

BOOST_AUTO_TEST_CASE(the_same_is_bought_looked_at_and_revoked_at_each) {
  for (const auto* bundle :
       {"p5:esim_5GB_30D_JP_V2", "p6:JP_5_30", "p7:jp-5gb-30days", "esim_5gb_30days_jp"}) {
    auto answer = order(bundle);
    BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
    BOOST_TEST(answer.json()["QrCode"].asString().starts_with("LPA:1$sandbox.smdp.example$"));
    auto body = R"({"iccid":")" + answer.json()["Iccid"].asString() + "\"}";
    auto details = post("/api/v1/esim/details", body);
    BOOST_REQUIRE_MESSAGE(details.status == 200, details.body);
    BOOST_TEST(details.json()["Iccid"].asString() == answer.json()["Iccid"].asString());
    BOOST_TEST(details.json()["DataAllowanceMb"].asInt() >= 5'000);
    // Airalo revokes nothing.
    bool can_revoke = std::string_view{bundle}.substr(0, 3) != "p7:";
    BOOST_TEST(post("/api/v1/esim/revoke", body).status == (can_revoke ? 200 : 409));
  }
  BOOST_TEST(sold_at(here, "/esim-go-api") == 1);
  BOOST_TEST(sold_at(here, "/esim-access-api") == 1);
  BOOST_TEST(sold_at(here, "/airalo-api") == 1);
  auto figures = here.admin_get("/metrics").body;
  BOOST_TEST(figures.find("meisim_provider_balance_usd{provider=\"p5\"} 12345.67")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refusal_costs_nothing) {
  BOOST_TEST(order("p5:esim_sandbox-reject").status == 502);
  BOOST_TEST(order("p6:US_sandbox-reject").status == 502);
  BOOST_TEST(sold_at(here, "/esim-go-api") == 0);
  BOOST_TEST(sold_at(here, "/esim-access-api") == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_is_found_and_nothing_is_bought_twice) {
  for (const auto* bundle :
       {"p5:esim_sandbox-timeout", "p6:US_sandbox-timeout", "p7:us-sandbox-timeout"}) {
    auto answer = order(bundle);
    BOOST_REQUIRE_MESSAGE((answer.status == 200 || answer.status == 202), answer.body);
    auto id = answer.json()["OrderId"].asString();
    BOOST_TEST(comes_true([&] { return status_of(here, owner, id) == "completed"; }));
  }
  BOOST_TEST(sold_at(here, "/esim-go-api") == 1);
  BOOST_TEST(sold_at(here, "/esim-access-api") == 1);
  BOOST_TEST(sold_at(here, "/airalo-api") == 1);
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_in_the_middle_is_renewed) {
  call({"POST", here.sandbox_url() + "/airalo-api/test/expire-tokens", {}, {}});
  auto answer = order("p7:jp-5gb-30days");
  BOOST_TEST(answer.status == 200, answer.body);
  BOOST_TEST(sold_at(here, "/airalo-api") == 1);
}

BOOST_AUTO_TEST_CASE(a_node_that_dies_before_it_hears_the_answers_has_bought_once_at_each) {
  std::vector<std::string> ids;
  for (const std::string product :
       {"p5:esim_sandbox-timeout", "p6:US_sandbox-timeout", "p7:us-sandbox-timeout"}) {
    auto answer =
      post("/dealer/order", R"({"productId":")" + product
                              + R"(","customerEmail":"e@example.com","customerName":"E"})");
    BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
    ids.push_back(answer.json()["orderId"].asString());
  }
  // The sandbox has sold and says nothing.
  const std::vector<std::string> roots{"/esim-go-api", "/esim-access-api", "/airalo-api"};
  for (const auto& root : roots)
    BOOST_REQUIRE(comes_true([&] { return sold_at(here, root) == 1; }));
  here.restart(SIGKILL);
  for (const auto& id : ids)
    BOOST_TEST(here.final_status(owner, id) == "completed");
  for (const auto& root : roots)
    BOOST_TEST(sold_at(here, root) == 1);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(data_is_brought_onto_an_esim_where_the_provider_can) {
  for (const std::string bundle : {"p5:esim_5GB_30D_JP_V2", "p6:JP_5_30", "p7:jp-5gb-30days"}) {
    auto iccid = order(bundle).json()["Iccid"].asString();
    auto body = R"({"iccid":")" + iccid + "\"";
    auto before = post("/api/v1/esim/details", body + "}").json()["DataAllowanceMb"].asInt();
    auto more = add_data(iccid, bundle);
    BOOST_REQUIRE_MESSAGE(more.status == 200, more.body);
    BOOST_TEST(more.json()["Status"].asString() == "Success");
    BOOST_TEST(!more.json()["Reference"].asString().empty());
    // The sandbox's eSIM Go does not count what is added.
    auto after = post("/api/v1/esim/details", body + "}").json()["DataAllowanceMb"].asInt();
    BOOST_TEST((after == 2 * before || bundle.starts_with("p5:")), bundle);
  }
  BOOST_TEST(sold_at(here, "/esim-go-api") == 2);
  BOOST_TEST(sold_at(here, "/esim-access-api") == 1);
  BOOST_TEST(sold_at(here, "/airalo-api") == 2);
  auto iccid = order("p8:esim_5gb_30days_jp").json()["Iccid"].asString();
  auto refused = add_data(iccid, "p8:esim_5gb_30days_jp");
  BOOST_TEST(refused.status == 409, refused.body);
  BOOST_TEST(refused.json()["code"].asString() == "wrong_state");
}

BOOST_AUTO_TEST_CASE(a_top_up_whose_answer_was_lost_is_not_bought_again) {
  auto iccid = order("p7:jp-5gb-30days").json()["Iccid"].asString();
  auto found = add_data(iccid, "p7:us-sandbox-timeout");
  BOOST_REQUIRE_MESSAGE((found.status == 200 || found.status == 202), found.body);
  auto id = found.json()["OrderId"].asString();
  // eSIM Access does not tell the outcome, so an operator has to.
  iccid = order("p6:JP_5_30").json()["Iccid"].asString();
  auto lost = add_data(iccid, "p6:US_sandbox-timeout");
  BOOST_REQUIRE_MESSAGE(lost.status == 202, lost.body);
  // Both are looked into when the minute of their callers is over.
  auto is_completed = [&] { return status_of(here, owner, id) == "completed"; };
  BOOST_TEST(comes_true(is_completed, std::chrono::seconds{120}));
  BOOST_TEST(sold_at(here, "/airalo-api") == 2);
  auto is_stuck = [&] {
    return here.admin_get("/admin/v1/orders?stuck=true").body.find("an operator has to")
           != std::string::npos;
  };
  BOOST_TEST(comes_true(is_stuck, std::chrono::seconds{120}));
  auto told = call({"GET", here.sandbox_url() + "/esim-access-api/test/orders", {}, {}}).json();
  BOOST_TEST(told["topUps"].asInt() == 1);
}

BOOST_AUTO_TEST_CASE(what_costs_more_than_it_was_listed_for_is_given_back) {
  auto answer = order("p5:esim_sandbox-dearer");
  BOOST_TEST(answer.status == 502, answer.body);
  BOOST_TEST(answer.json()["message"].asString().find("by the catalogue") != std::string::npos,
             answer.body);
  BOOST_TEST(sold_at(here, "/esim-go-api") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

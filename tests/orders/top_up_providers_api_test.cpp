#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"
#include "tests/orders/at_providers.hpp"

#include <csignal>
#include <fstream>
#include <thread>

// Providers of top-ups that exist, as the sandbox plays them, over real HTTP.

using namespace meisim::test;

namespace {

/// A network of each, and a number of it.
struct offer {
  std::string network;
  std::string number;
  std::string root;
};

const std::vector<offer> everyday{
  {"p8:Vodafone-UK-341", "+447700900000", "/reloadly-api"},
  {"p9:Vodafone-UK-11-GBP", "+447700900000", "/dt-one-api"},
};

const std::vector<offer> lossy{
  {"p8:sandbox-timeout-9003", "+15555550100", "/reloadly-api"},
  {"p9:sandbox-timeout-9003-USD", "+15555550100", "/dt-one-api"},
};

struct fixture {
  service here{{"--rate-limits", "off", "--stuck-after-seconds", "1", "--provider",
                "p8=reloadly@{sandbox}/reloadly-api,timeout-ms=2000,patience-ms=8000", "--provider",
                "p9=dt-one@{sandbox}/dt-one-api,timeout-ms=2000,patience-ms=8000", "--public-url",
                "{node}"}};
  service::account owner = here.add_dealer("0");

  fixture() {
    for (const auto& what : everyday)
      BOOST_REQUIRE(comes_true([&] { return !listed(what.network).isNull(); }));
  }

  Json::Value listed(const std::string& network) const {
    auto answer = here.get("/api/v1/topup/networks", {owner.key_header});
    auto networks = answer.json()["networks"];
    for (const auto& item : networks)
      if (item["networkName"].asString() == network)
        return item;
    return {};
  }

  web_reply post(const std::string& path, const std::string& fields,
                 std::vector<std::string> headers = {}) const {
    headers.push_back(owner.key_header);
    return here.post("/api/v1/topup/" + path, "{" + fields + "}", headers);
  }

  static std::string sim_of(const offer& what) {
    return R"("networkName":")" + what.network + R"(","contactNumber":")" + what.number + "\"";
  }

  web_reply recharge(const offer& what, const std::string& value = "5",
                     std::vector<std::string> headers = {}) const {
    return post("recharge", sim_of(what) + R"(,"topUpValue":)" + value, std::move(headers));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(top_up_providers_suite, fixture)

BOOST_AUTO_TEST_CASE(a_sim_is_topped_up_through_each_and_a_key_does_it_once) {
  for (const auto& what : everyday) {
    auto first = recharge(what, "5", {"Idempotency-Key: " + what.network});
    BOOST_REQUIRE_MESSAGE(first.status == 200, first.body);
    BOOST_TEST(first.json()["Status"].asString() == "Success");
    BOOST_TEST(first.json()["TopUpValue"].asDouble() == 5.0);
    BOOST_TEST(!first.json()["Reference"].asString().empty());
    BOOST_TEST(recharge(what, "5", {"Idempotency-Key: " + what.network}).body == first.body);
    BOOST_TEST(sold_at(here, what.root) == 1);
    BOOST_TEST(status_of(here, owner, first.json()["OrderId"].asString()) == "completed");
  }
  for (const auto* prefix : {"p8", "p9"})
    BOOST_TEST(comes_true([&] {
      return here.admin_get("/metrics")
               .body.find("meisim_provider_balance_usd{provider=\"" + std::string{prefix}
                          + "\"} 12345.67")
             != std::string::npos;
    }));
}

BOOST_AUTO_TEST_CASE(what_can_be_ordered_is_listed_with_its_price) {
  auto range = listed("p8:Vodafone-UK-341");
  BOOST_TEST(range["countryISO"].asString() == "GB");
  BOOST_TEST(range["currency"].asString() == "USD");
  BOOST_TEST(range["minTopUpValue"].asDouble() == 1.0);
  BOOST_TEST(range["maxTopUpPriceUsd"].asDouble() == 58.08);
  BOOST_TEST(!range["takesSimSerialNumber"].asBool());
  BOOST_TEST(range["values"].empty());
  auto fixed = listed("p9:Vodafone-UK-11-GBP");
  BOOST_TEST(fixed["currency"].asString() == "GBP");
  BOOST_REQUIRE(fixed["values"].size() == 3u);
  BOOST_TEST(fixed["values"][1]["value"].asDouble() == 10.0);
  BOOST_TEST(fixed["values"][1]["priceUsd"].asDouble() == 12.0);
  // The rate of a range, and when it was told.
  auto why = here.admin_get("/admin/v1/prices/explain?product=p9:Airtel-India-22-7200").json();
  BOOST_TEST(why["chargedIn"].asString() == "INR");
  BOOST_TEST(why["chargedAmount"].asString() == "50.00");
  BOOST_TEST(why["rateUsd"].asString() == "0.015625");
  BOOST_TEST(why["rateAt"].isString());
  BOOST_TEST(
    here.admin_get("/admin/v1/prices/explain?product=p3:data-us-5gb").json()["chargedIn"].isNull());
}

BOOST_AUTO_TEST_CASE(a_sim_is_confirmed_by_its_number_only) {
  for (const auto& what : everyday) {
    BOOST_TEST(post("confirm", sim_of(what)).status == 200);
    BOOST_TEST(post("confirm", sim_of({what.network, "+447700900404", {}})).status == 404);
    auto by_serial =
      R"("networkName":")" + what.network + R"(","simSerialNumber":"8944000000000000000")";
    for (const auto& refused :
         {post("confirm", by_serial), post("recharge", by_serial + R"(,"topUpValue":5)")}) {
      BOOST_TEST(refused.status == 400, refused.body);
      BOOST_TEST(refused.json()["field"].asString() == "simSerialNumber");
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_sold_is_refused_before_anybody_is_asked) {
  auto wrong = recharge(everyday[1], "7");
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(wrong.json()["field"].asString() == "topUpValue");
  BOOST_TEST(wrong.json()["message"].asString().find("5.00, 10.00, 20.00") != std::string::npos,
             wrong.body);
  BOOST_TEST(recharge(everyday[0], "60.51").status == 400);
  for (const auto& what : everyday)
    BOOST_TEST(sold_at(here, what.root) == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_is_found_and_nothing_is_bought_twice) {
  for (const auto& what : lossy) {
    auto answer = recharge(what);
    BOOST_REQUIRE_MESSAGE((answer.status == 200 || answer.status == 202), answer.body);
    auto id = answer.json()["OrderId"].asString();
    BOOST_TEST(comes_true([&] { return status_of(here, owner, id) == "completed"; }));
    BOOST_TEST(sold_at(here, what.root) == 1);
  }
}

BOOST_AUTO_TEST_CASE(an_order_that_ends_late_is_looked_at_when_the_provider_calls) {
  const std::string secret = "0b6f2c1de7a94b5d8f3e6a7c9d0e1f2a";
  std::ofstream{here.home() + "/provider-p9.webhook"} << secret << '\n';
  BOOST_REQUIRE(::kill(here.node_id(), SIGHUP) == 0);
  BOOST_REQUIRE(
    comes_true([&] { return here.get("/provider/p9/webhook/" + secret).status == 200; }));
  // It ends after half a minute.
  auto answer = recharge({"p9:sandbox-slow-9004-USD", "+15555550100", {}});
  BOOST_REQUIRE_MESSAGE(answer.status == 202, answer.body);
  // By itself nobody would look for an hour.
  meisim::database db{here.database_connection(), "test"};
  int waiting = 0;
  db.session() << "WITH postponed AS (UPDATE jobs SET run_at = now() + interval '1 hour' "
                  "WHERE kind = 'fulfil' AND lane = 'p9' RETURNING 1) "
                  "SELECT count(*) FROM postponed",
    soci::into(waiting);
  BOOST_REQUIRE(waiting == 1);
  auto id = answer.json()["OrderId"].asString();
  BOOST_TEST(comes_true([&] { return status_of(here, owner, id) == "completed"; }));
  BOOST_TEST(sold_at(here, "/dt-one-api") == 1);
}

BOOST_AUTO_TEST_CASE(a_node_that_dies_before_it_hears_the_answers_has_topped_up_once_at_each) {
  auto url = here.public_url();
  std::vector<std::thread> clients;
  for (const auto& what : lossy)
    clients.emplace_back([this, url, what] {
      call({"POST",
            url + "/api/v1/topup/recharge",
            {owner.key_header, "Content-Type: application/json"},
            "{" + sim_of(what) + R"(,"topUpValue":5})"},
           true);
    });
  // The sandbox has sold and says nothing.
  for (const auto& what : lossy)
    BOOST_TEST(comes_true([&] { return sold_at(here, what.root) == 1; }));
  here.restart(SIGKILL);
  for (auto& client : clients)
    client.join();
  auto orders = here.get("/api/v1/orders", {owner.key_header}).json();
  BOOST_TEST(orders.size() == 2u);
  for (const auto& order : orders)
    BOOST_TEST(
      comes_true([&] { return status_of(here, owner, order["id"].asString()) == "completed"; },
                 std::chrono::seconds{120}));
  for (const auto& what : lossy)
    BOOST_TEST(sold_at(here, what.root) == 1);
}

BOOST_AUTO_TEST_CASE(every_failing_network_ends_in_its_way) {
  for (bool is_reloadly : {true, false}) {
    // DT One's bear their currency.
    auto to = [&](const std::string& name) {
      return offer{is_reloadly ? "p8:" + name : "p9:" + name + "-USD", "+15555550100", {}};
    };
    BOOST_TEST(recharge(to("sandbox-reject-9001")).status == 502);
    BOOST_TEST(recharge(to("sandbox-flaky-9002")).status == 200);
    BOOST_TEST(recharge(to("sandbox-decline-9005")).status == 502);
  }
  BOOST_TEST(sold_at(here, "/reloadly-api") == 1);
  BOOST_TEST(sold_at(here, "/dt-one-api") == 1);
}

BOOST_AUTO_TEST_CASE(a_balance_that_is_used_up_is_the_operators_affair) {
  // Reloadly refuses at once; DT One accepts first, and rejects behind.
  BOOST_TEST(recharge({"p8:sandbox-unpaid-9006", "+15555550100", {}}).status == 503);
  auto behind = recharge({"p9:sandbox-unpaid-9006-USD", "+15555550100", {}});
  BOOST_TEST(behind.status == 502);
  BOOST_TEST(behind.body.find("BALANCE") == std::string::npos, behind.body);
  auto figures = here.admin_get("/metrics").body;
  for (const auto* prefix : {"p8", "p9"})
    BOOST_TEST(
      figures.find("meisim_provider_account_refused{provider=\"" + std::string{prefix} + "\"} 1")
      != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_in_the_middle_is_renewed) {
  call({"POST", here.sandbox_url() + "/reloadly-api/test/expire-tokens", {}, {}});
  auto answer = recharge(everyday[0]);
  BOOST_TEST(answer.status == 200, answer.body);
  BOOST_TEST(sold_at(here, "/reloadly-api") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

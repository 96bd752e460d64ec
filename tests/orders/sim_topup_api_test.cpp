#include "tests/fixtures/shared_service.hpp"

#include <chrono>
#include <thread>

// Top-ups of SIMs: what dealers were promised under /api/v1/topup, against the sandbox.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

const std::string vodafone = R"("networkName":"Vodafone-UK","contactNumber":"+447700900000")";

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("0");

  web_reply post(const std::string& path, const std::string& fields,
                 std::vector<std::string> headers = {}) const {
    headers.push_back(owner.key_header);
    return here.post("/api/v1/topup/" + path, "{" + fields + "}", headers);
  }

  web_reply recharge(const std::string& network,
                     const std::vector<std::string>& headers = {}) const {
    return post("recharge",
                R"("networkName":")" + network
                  + R"(","contactNumber":"+15555550100","topUpValue":20)",
                headers);
  }

  Json::Value orders() const {
    return here.get("/api/v1/orders", {owner.key_header}).json();
  }

  /// How often the sandbox has topped anything up so far.
  int recharged() const {
    auto shown = call({"GET", here.sandbox_url() + "/test/provider/orders", {}, {}}).json();
    return shown["recharged"].asInt();
  }

  /// How often the sandbox was asked to top up for the order.
  int times_asked(const std::string& order) const {
    auto url = here.sandbox_url() + "/test/provider/orders/" + order + "-1";
    return call({"GET", url, {}, {}}).json()["times_asked"].asInt();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sim_topup_api_suite, fixture)

BOOST_AUTO_TEST_CASE(networks_tell_what_can_be_topped_up_and_for_how_much) {
  auto networks = here.get("/api/v1/topup/networks", {owner.key_header}).json()["networks"];
  bool is_there = false;
  for (const auto& network : networks) {
    if (network["networkName"].asString() != "Vodafone-UK")
      continue;
    is_there = true;
    BOOST_TEST(network["countryISO"].asString() == "GB");
    BOOST_TEST(network["currency"].asString() == "GBP");
    BOOST_TEST(network["minTopUpValue"].asDouble() == 5.0);
    BOOST_TEST(network["minTopUpPriceUsd"].asDouble() == 6.35);
    BOOST_TEST(network["bundles"][0]["bundleProductCode"].asString() == "DATA-5GB");
  }
  BOOST_TEST(is_there);
}

BOOST_AUTO_TEST_CASE(a_sim_is_confirmed_by_its_number_or_its_serial_and_costs_nothing) {
  auto by_number = post("confirm", vodafone);
  BOOST_TEST(by_number.status == 200);
  BOOST_TEST(by_number.json()["Status"].asString() == "Success");
  BOOST_TEST(by_number.json()["ContactNumber"].asString() == "+447700900000");
  auto by_serial =
    post("confirm", R"("networkName":"Vodafone-UK","simSerialNumber":"8944000000000000000")");
  BOOST_TEST(by_serial.status == 200);
  BOOST_TEST(
    post("confirm", R"("networkName":"Vodafone-UK","contactNumber":"+491711234567")").status
    == 404);
  BOOST_TEST(
    post("confirm", R"("networkName":"Vodafone-UK","contactNumber":"+447700900404")").status
    == 404);
  BOOST_TEST(orders().size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_recharge_is_answered_by_the_provider_and_stands_in_the_history) {
  auto before = recharged();
  auto answer = post("recharge", vodafone
                                   + R"(,"topUpValue":20,"bundleValue":10,)"
                                     R"("bundleProductCode":"DATA-5GB","customerReference":"T-1")");
  BOOST_TEST(answer.status == 200, answer.body);
  auto json = answer.json();
  BOOST_TEST(json["Status"].asString() == "Success");
  BOOST_TEST(json["NetworkName"].asString() == "Vodafone-UK");
  BOOST_TEST(json["Currency"].asString() == "GBP");
  BOOST_TEST(json["TopUpValue"].asDouble() == 20.0);
  BOOST_TEST(json["Amount"].asDouble() == 38.10);
  BOOST_TEST(!json["Reference"].asString().empty());
  BOOST_TEST(recharged() == before + 1);
  auto history = orders();
  BOOST_REQUIRE(history.size() == 1u);
  BOOST_TEST(history[0]["id"].asString() == json["OrderId"].asString());
  BOOST_TEST(history[0]["order_type"].asString() == "topup");
  BOOST_TEST(history[0]["bundle_name"].asString() == "Vodafone-UK");
  BOOST_TEST(history[0]["customer_reference"].asString() == "T-1");
  BOOST_TEST(history[0]["amount"].asDouble() == 38.10);
  BOOST_TEST(history[0]["status"].asString() == "completed");
  // The wallet is not touched.
  BOOST_TEST(here.get("/dealer/wallet", {owner.key_header}).json()["transactions"].size() == 0u);
  // There is no eSIM to be sent or replaced.
  auto id = json["OrderId"].asString();
  for (const auto* path : {"/dealer/resend-email/", "/dealer/replace/"})
    BOOST_TEST(here.post(path + id, "{}", {owner.key_header}).status == 409);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_number_in_national_form_is_answered_in_e164_and_the_same_at_a_repeat) {
  const std::vector<std::string> key{"Idempotency-Key: national"};
  const auto* wish =
    R"("networkName":"Vodafone-UK","contactNumber":"(07700) 900 000","topUpValue":20)";
  auto first = post("recharge", wish, key);
  BOOST_REQUIRE_EQUAL(first.status, 200);
  BOOST_TEST(first.json()["ContactNumber"].asString() == "+447700900000");
  BOOST_TEST(post("recharge", wish, key).body == first.body);
  BOOST_TEST(post("confirm", R"("networkName":"Vodafone-UK","contactNumber":"00447700900000")")
               .json()["ContactNumber"]
               .asString()
             == "+447700900000");
  auto refused = post("confirm", R"("networkName":"Vodafone-UK","contactNumber":"12")");
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(refused.json()["field"].asString() == "contactNumber");
}

BOOST_AUTO_TEST_CASE(the_documented_body_with_its_nulls_is_taken) {
  auto answer =
    post("recharge",
         R"("networkName":"Vodafone-UK","simSerialNumber":"8944000000000000000",)"
         R"("contactNumber":null,"topUpValue":20,"bundleValue":null,"bundleProductCode":null)");
  BOOST_TEST(answer.status == 200, answer.body);
  BOOST_TEST(orders()[0]["iccid"].asString() == "8944000000000000000");
}

BOOST_AUTO_TEST_CASE(a_key_tops_up_once_and_a_repeat_waits_for_the_first_answer) {
  auto before = recharged();
  const std::vector<std::string> key{"Idempotency-Key: once"};
  auto first = recharge("ATT-US", key);
  auto again = recharge("ATT-US", key);
  BOOST_TEST(first.status == 200);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(again.headers.at("idempotent-replayed") == "true");
  BOOST_TEST(post("recharge", vodafone + R"(,"topUpValue":20)", key).status == 409);
  // The answer to the first is lost, and found only when the provider is asked again.
  web_reply slow;
  std::thread client{[&] { slow = recharge("topup-sandbox-timeout", {"Idempotency-Key: slow"}); }};
  while (recharged() == before + 1)
    std::this_thread::sleep_for(10ms);
  auto repeat = recharge("topup-sandbox-timeout", {"Idempotency-Key: slow"});
  client.join();
  BOOST_TEST(slow.status == 200);
  BOOST_TEST(repeat.body == slow.body);
  BOOST_TEST(recharged() == before + 2);
  BOOST_TEST(orders().size() == 2u);
}

BOOST_AUTO_TEST_CASE(every_failing_network_ends_in_its_way) {
  auto before = recharged();
  auto refused = recharge("topup-sandbox-reject");
  BOOST_TEST(refused.status == 502);
  BOOST_TEST(refused.json()["error"].asString() == "VENDOR_ERROR");
  BOOST_TEST(orders()[0]["status"].asString() == "failed");
  BOOST_TEST(recharge("topup-sandbox-flaky").status == 200);
  auto late = recharge("topup-sandbox-timeout");
  BOOST_TEST(late.status == 200);
  // It was looked up, not sent once more.
  BOOST_TEST(times_asked(late.json()["OrderId"].asString()) == 1);
  BOOST_TEST(recharged() == before + 2);
  // The network refuses a SIM that does not exist, whatever was confirmed.
  BOOST_TEST(post("recharge",
                  R"("networkName":"Vodafone-UK","contactNumber":"+447700900404","topUpValue":20)")
               .status
             == 502);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_and_tops_up_nothing) {
  struct wrong {
    std::string fields;
    int status;
    std::string named;
  };
  const std::string value = R"(,"topUpValue":20)";
  const std::string network = R"("networkName":"Vodafone-UK",)";
  const std::vector<wrong> sims{
    {R"("contactNumber":"+447700900000")", 400, "networkName"},
    {R"("networkName":7,"contactNumber":"+447700900000")", 400, "networkName"},
    {R"("networkName":"No-Such","contactNumber":"+447700900000")", 404, "networkName"},
    {R"("networkName":"Vodafone-UK")", 400, "contactNumber"},
    {vodafone + R"(,"simSerialNumber":"8944000000000000000")", 400, "contactNumber"},
    {network + R"("contactNumber":447700900000)", 400, "contactNumber"},
    {network + R"("contactNumber":"call me")", 400, "contactNumber"},
    {network + R"("contactNumber":"+0447700900000")", 400, "contactNumber"},
    {network + R"("contactNumber":"+44 7700 900000 ext. 5")", 400, "contactNumber"},
    {network + R"("contactNumber":"+1234567")", 400, "contactNumber"},
    {network + R"("contactNumber":"+1234567890123456")", 400, "contactNumber"},
    {network + R"("simSerialNumber":"894400")", 400, "simSerialNumber"},
    {network + R"("simSerialNumber":"89440000000000000x0")", 400, "simSerialNumber"},
    {network + R"("simSerialNumber":"1244000000000000000")", 400, "simSerialNumber"},
    {network + R"("simSerialNumber":[])", 400, "simSerialNumber"},
    {vodafone + R"(,"more":1)", 400, "more"},
  };
  auto before = recharged();
  auto check = [&](const std::string& path, const wrong& what, const std::string& rest) {
    auto answer = post(path, what.fields + rest);
    BOOST_TEST(answer.status == what.status, path << what.fields << rest << answer.status);
    BOOST_TEST(answer.json()["message"].asString().find(what.named) != std::string::npos,
               what.fields << " got " << answer.body);
  };
  for (const auto& what : sims) {
    check("confirm", what, "");
    check("recharge", what, value);
  }
  const std::vector<wrong> values{
    {"", 400, "topUpValue"},
    {R"(,"topUpValue":"20")", 400, "topUpValue"},
    {R"(,"topUpValue":0)", 400, "topUpValue"},
    {R"(,"topUpValue":-20)", 400, "topUpValue"},
    {R"(,"topUpValue":20.005)", 400, "topUpValue"},
    {R"(,"topUpValue":4.99)", 400, "topUpValue"},
    {R"(,"topUpValue":100.01)", 400, "topUpValue"},
    {value + R"(,"bundleValue":10)", 400, "bundleProductCode"},
    {value + R"(,"bundleProductCode":"NONE")", 404, "bundleProductCode"},
    {value + R"(,"bundleProductCode":"DATA-5GB","bundleValue":9)", 400, "bundleValue"},
    {value + R"(,"bundleProductCode":5)", 400, "bundleProductCode"},
    {value + R"(,"maxPriceUsd":25.39)", 409, "price guard"},
  };
  for (const auto& what : values)
    check("recharge", {vodafone + what.fields, what.status, what.named}, "");
  BOOST_TEST(recharged() == before);
  BOOST_TEST(orders().size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_recharge_that_was_left_pending_is_looked_up_after_a_kill) {
  auto url = here.public_url();
  auto before = recharged();
  // The SIM is topped up, the answer is lost, and the node dies before it has asked again.
  std::thread client{[&] {
    call(
      {"POST",
       url + "/api/v1/topup/recharge",
       {owner.key_header, "Content-Type: application/json", "Idempotency-Key: killed"},
       R"({"networkName":"topup-sandbox-timeout","contactNumber":"+15555550100","topUpValue":9})"},
      true);
  }};
  for (int i = 0; i < 500 && recharged() == before; ++i)
    std::this_thread::sleep_for(10ms);
  here.restart(9);
  client.join();
  BOOST_REQUIRE(orders().size() == 1u);
  BOOST_TEST(orders()[0]["status"].asString() == "pending");
  // A repeat is told that it is under way.
  auto repeat = post("recharge",
                     R"("networkName":"topup-sandbox-timeout","contactNumber":"+15555550100",)"
                     R"("topUpValue":9)",
                     {"Idempotency-Key: killed"});
  BOOST_TEST(repeat.status == 202);
  for (int i = 0; i < 900 && orders()[0]["status"].asString() == "pending"; ++i)
    std::this_thread::sleep_for(100ms);
  BOOST_TEST(orders()[0]["status"].asString() == "completed");
  BOOST_TEST(recharged() == before + 1);
  BOOST_TEST(times_asked(orders()[0]["id"].asString()) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

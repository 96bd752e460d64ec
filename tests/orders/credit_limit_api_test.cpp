#include "tests/fixtures/shared_service.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

// What a dealer is told whose orders on account have a limit, and what operators do about it.

using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("0");
  std::string path = "/admin/v1/dealers/" + owner.email;

  void limit_to(const std::string& limit) const {
    auto set = here.admin_post(path + "/settings", R"({"credit_limit":")" + limit + "\"}");
    BOOST_REQUIRE_EQUAL(set.status, 200);
  }

  web_reply post(const std::string& to, const std::string& body,
                 std::vector<std::string> headers = {}) const {
    headers.push_back(owner.key_header);
    return here.post(to, body, headers);
  }

  web_reply order(const std::vector<std::string>& headers = {},
                  const std::string& bundle = "esim_5gb_30days_jp") const {
    return post("/api/v1/esim/order", R"({"bundleName":")" + bundle + "\"}", headers);
  }

  web_reply settle(const std::string& amount, const std::vector<std::string>& headers = {}) const {
    return here.admin_post(path + "/settlements",
                           R"({"amount":")" + amount + R"(","reason":"a bank transfer"})", headers);
  }

  Json::Value wallet() const {
    return here.get("/dealer/wallet", {owner.key_header}).json();
  }

  double used() const {
    return wallet()["creditUsed"].asDouble();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(credit_limit_api_suite, fixture)

BOOST_AUTO_TEST_CASE(without_a_limit_the_wallet_tells_the_use_alone) {
  BOOST_TEST(order().status == 200);
  BOOST_TEST(wallet()["creditLimit"].isNull());
  BOOST_TEST(used() == 6.5);
  limit_to("100.00");
  BOOST_TEST(wallet()["creditLimit"].asDouble() == 100.0);
  limit_to("none");
  BOOST_TEST(wallet()["creditLimit"].isNull());
}

BOOST_AUTO_TEST_CASE(above_the_limit_every_order_on_account_is_refused_and_says_why) {
  auto iccid = order().json()["Iccid"].asString();
  limit_to("10.00");
  auto refused = order();
  BOOST_TEST(refused.status == 402);
  auto told = refused.json();
  BOOST_TEST(told["error"].asString() == "Payment required");
  BOOST_TEST(told["code"].asString() == "credit_limit_reached");
  BOOST_TEST(told["message"].asString()
             == "the order takes 6.50, and 6.50 of the credit limit of 10.00 is used");
  BOOST_TEST(told["creditLimit"].asDouble() == 10.0);
  BOOST_TEST(told["creditUsed"].asDouble() == 6.5);
  BOOST_TEST(told["required"].asDouble() == 6.5);
  auto data =
    post("/api/v1/esim/topup", R"({"iccid":")" + iccid + R"(","bundleName":"esim_5gb_30days_jp"})");
  BOOST_TEST(data.json()["code"].asString() == "credit_limit_reached");
  auto recharge = R"({"networkName":"Vodafone-UK","contactNumber":"07700 900000","topUpValue":20)";
  for (const std::string more : {"}", R"(,"validateOnly":true})"})
    BOOST_TEST(post("/api/v1/topup/recharge", recharge + more).json()["code"].asString()
               == "credit_limit_reached");
  auto only_checked =
    post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp","validateOnly":true})");
  BOOST_TEST(only_checked.status == 402);
  BOOST_TEST(used() == 6.5);
  BOOST_TEST(here.get("/api/v1/orders", {owner.key_header}).json().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_provider_refuses_is_given_back) {
  limit_to("10.00");
  BOOST_TEST(order({}, "esim_sandbox-reject").status == 502);
  BOOST_TEST(used() == 0.0);
  BOOST_TEST(order().status == 200);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_key_is_answered_as_before_where_it_was_done_and_free_where_it_was_refused) {
  limit_to("6.50");
  auto first = order({"Idempotency-Key: one"});
  BOOST_TEST(first.status == 200);
  BOOST_TEST(order({"Idempotency-Key: two"}).status == 402);
  BOOST_TEST(order({"Idempotency-Key: one"}).body == first.body);
  BOOST_TEST(settle("6.50").status == 200);
  BOOST_TEST(order({"Idempotency-Key: two"}).status == 200);
  BOOST_TEST(used() == 6.5);
}

BOOST_AUTO_TEST_CASE(of_64_orders_at_once_just_those_are_done_that_fit) {
  limit_to("100.00");
  std::atomic<int> done{0};
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 64; ++i)
      clients.emplace_back([&] {
        auto status = order().status;
        done += status == 200 || status == 202 ? 1 : 0;
        refused += status == 402 ? 1 : 0;
      });
  }
  BOOST_TEST(done.load() == 15);
  BOOST_TEST(refused.load() == 49);
  BOOST_TEST(used() == 97.5);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_payment_is_booked_once_under_a_key_which_is_none_of_the_dealers) {
  BOOST_TEST(order({"Idempotency-Key: same"}).status == 200);
  auto first = settle("5.00", {"Idempotency-Key: same"});
  BOOST_TEST(first.status == 200, first.body);
  BOOST_TEST(first.json()["credit_used"].asDouble() == 1.5);
  auto again = settle("5.00", {"Idempotency-Key: same"});
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(again.headers["idempotent-replayed"] == "true");
  BOOST_TEST(settle("4.00", {"Idempotency-Key: same"}).status == 409);
  // An adjustment takes its key from the same operators' space.
  BOOST_TEST(here
               .admin_post(path + "/adjustments", R"({"amount":"+5.00","reason":"goodwill"})",
                           {"Idempotency-Key: same"})
               .status
             == 409);
  BOOST_TEST(used() == 1.5);
  BOOST_TEST(wallet()["balance"].asDouble() == 0.0);
  BOOST_TEST(settle("0.00").status == 400);
  BOOST_TEST(here
               .admin_post("/admin/v1/dealers/nobody@example.com/settlements",
                           R"({"amount":"1.00","reason":"x"})")
               .status
             == 404);
  int told = 0;
  for (const auto& event : here.admin_get("/admin/v1/audit?subject=" + owner.email).json()) {
    if (event["kind"].asString() != "credit.settled")
      continue;
    ++told;
    BOOST_TEST(event["before"]["credit_used"].asDouble() == 6.5);
    BOOST_TEST(event["after"]["credit_used"].asDouble() == 1.5);
    BOOST_TEST(event["after"]["reason"].asString() == "a bank transfer");
  }
  BOOST_TEST(told == 1);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_limit_is_an_amount_or_none) {
  for (const auto* limit : {"lots", "-1.00", "1.001"}) {
    auto refused =
      here.admin_post(path + "/settings", R"({"credit_limit":")" + std::string{limit} + "\"}");
    BOOST_TEST(refused.status == 400, limit);
    BOOST_TEST(refused.json()["field"].asString() == "credit_limit");
  }
  BOOST_TEST(here.admin_get(path).json()["credit_limit"].isNull());
}

BOOST_AUTO_TEST_CASE(new_dealers_get_the_limit_of_the_configuration) {
  auto& other = shared_service({"--rate-limits", "off", "--default-credit-limit", "50"});
  auto dealer = other.add_dealer("0");
  auto shown = other.admin_get("/admin/v1/dealers/" + dealer.email).json();
  BOOST_TEST(shown["credit_limit"].asDouble() == 50.0);
  BOOST_TEST(shown["credit_used"].asDouble() == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()

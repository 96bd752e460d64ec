#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

// Purchases that are refused before anything is charged, for every possible reason.

using namespace meisim::test;

namespace {

constexpr auto portal = "/api/portal/v1";

struct fixture {
  service here;
  service::account rich = here.add_dealer("1000.00");
  service::account poor = here.add_dealer("0.10");

  std::string sku_of(const std::string& product) const {
    return here.get(std::string{portal} + "/services/" + product + "/skus", {rich.portal_header})
      .json()["skus"][0]["id"]
      .asString();
  }

  std::string balance_of(const service::account& owner) const {
    return here.get("/dealer/wallet", {owner.key_header}).body;
  }

  /// A paid and fulfilled order.
  std::string completed_order(const service::account& owner) const {
    auto placed = here.post(
      "/dealer/order",
      R"({"productId":"p3:data-us-5gb","customerEmail":"end@example.com","customerName":"Jane"})",
      {owner.key_header});
    BOOST_REQUIRE_EQUAL(placed.status, 200);
    auto id = placed.json()["orderId"].asString();
    BOOST_REQUIRE_EQUAL(here.final_status(owner, id), "completed");
    return id;
  }

  void expect(const web_reply& answer, int status, const std::string& error) const {
    BOOST_TEST(answer.status == status, answer.body);
    BOOST_TEST(answer.json()["error"].asString() == error, answer.body);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refusals, fixture)

BOOST_AUTO_TEST_CASE(a_sale_of_stock_is_refused) {
  auto path = std::string{portal} + "/services/esim_supply_att/execute";
  auto wish = [&](const std::string& sku, const std::string& more = {}) {
    return R"({"sku_id":")" + sku + R"(","quantity":2)" + more + '}';
  };
  auto sku = sku_of("esim_supply_att");
  auto before = balance_of(rich);
  auto poor_before = balance_of(poor);
  expect(here.post(path, wish("0198f3a4-5b6c-7d8e-9f01-23456789abcd"), {rich.portal_header}), 404,
         "Not found");
  expect(here.post(path, wish(sku_of("esim_validate")), {rich.portal_header}), 404, "Not found");
  expect(here.post(path, wish(sku, R"(,"max_price_usd":7.99)"), {rich.portal_header}), 409,
         "Conflict");
  auto refused = here.post(path, wish(sku), {poor.portal_header});
  expect(refused, 402, "INSUFFICIENT_FUNDS");
  BOOST_TEST(refused.json()["required"].asDouble() == 8.0);
  BOOST_TEST(refused.json()["balance"].asDouble() == 0.1);
  BOOST_TEST(balance_of(rich) == before);
  BOOST_TEST(balance_of(poor) == poor_before);
}

BOOST_AUTO_TEST_CASE(a_validation_is_refused) {
  auto path = std::string{portal} + "/services/esim_validate/execute";
  auto wish = [&](const std::string& sku, const std::string& more = {}) {
    return R"({"sku_id":")" + sku + R"(","csv":"iccid,lpa\n,LPA:1$smdp.example.com$A-1\n")" + more
           + '}';
  };
  auto sku = sku_of("esim_validate");
  auto before = balance_of(rich);
  auto poor_before = balance_of(poor);
  expect(here.post(path, wish("0198f3a4-5b6c-7d8e-9f01-23456789abcd"), {rich.portal_header}), 404,
         "Not found");
  expect(here.post(path, wish(sku, R"(,"max_price_usd":0.14)"), {rich.portal_header}), 409,
         "Conflict");
  auto refused = here.post(path, wish(sku), {poor.portal_header});
  expect(refused, 402, "INSUFFICIENT_FUNDS");
  BOOST_TEST(refused.json()["required"].asDouble() == 0.15);
  BOOST_TEST(balance_of(rich) == before);
  BOOST_TEST(balance_of(poor) == poor_before);
  BOOST_TEST(here.get(std::string{portal} + "/esim-check/customer/batches", {rich.portal_header})
               .json()["total"]
               .asInt()
             == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_that_is_not_paid_for_is_not_sent_again) {
  // Enough for the order and not for the fee that comes on top.
  auto price = here
                 .post("/dealer/order",
                       R"({"productId":"p3:data-us-5gb","customerEmail":"a@example.com",)"
                       R"("customerName":"A","maxPriceUsd":0.01})",
                       {rich.key_header})
                 .json()["message"]
                 .asString();
  BOOST_TEST_REQUIRE(price.find("total of ") != std::string::npos, price);
  auto begin = price.find("total of ") + 9;
  auto owner = here.add_dealer(price.substr(begin, price.find(' ', begin) - begin));
  auto order = completed_order(owner);
  auto before = balance_of(owner);
  expect(here.post("/dealer/resend-email/" + order, "{}", {owner.key_header}), 402,
         "Payment required");
  expect(here.post("/dealer/replace/" + order, "{}", {owner.key_header}), 402, "Payment required");
  BOOST_TEST(balance_of(owner) == before);
}

BOOST_AUTO_TEST_SUITE_END()

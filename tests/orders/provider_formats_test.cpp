#include "protocols/orders/provider_format.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

// What all formats of providers have in common.

using namespace meisim;

namespace {

/// An order at a provider, and what it answers.
struct exchange {
  const provider_format* format = nullptr;
  provider_order order;
  std::string answer;
};

provider_order esim_order() {
  provider_order order{"0198f3a4-5b6c-7d8e-9f01-23456789abcd-1", "jp-5gb-30days", {}};
  order.asked_at = now();
  order.listed_price = "6.5";
  return order;
}

provider_order credit_order() {
  auto order = esim_order();
  order.product = "Vodafone-UK-11-GBP";
  order.code = "77";
  order.country_iso = "GB";
  order.top_up = recharge{order.product, {"+447700900000", {}}, "GBP", 1'000, {}, 0};
  return order;
}

std::vector<exchange> all_exchanges() {
  const std::string sim = R"({"iccid":"8988247000106700123","matchingId":"M-1",)"
                          R"("smdpAddress":"smdp.example","qrcode":"LPA:1$smdp.example$M-1"})";
  return {
    {&esim_go_format, esim_order(),
     R"({"orderReference":"o-1","status":"completed","total":6.5,"order":[{"item":"x","esims":[)"
       + sim + "]}]}"},
    {&airalo_format, esim_order(),
     R"({"data":{"id":1,"price":6.5,"currency":"USD","sims":[)" + sim + "]}}"},
    {&esim_access_format, esim_order(),
     R"({"success":true,"errorCode":"0","obj":{"orderNo":"B1"}})"},
    {&reloadly_format, credit_order(), R"({"transactionId":7})"},
    {&dt_one_format, credit_order(), R"({"id":7,"status":{"class":{"id":2}}})"},
  };
}

/// Whatever of the format stands in the way of an order: a check, the order, and its answer.
void go_through(const exchange& what) {
  const auto& format = *what.format;
  auto order = what.order;
  if (auto check = format.check_call != nullptr ? format.check_call(order) : std::nullopt)
    BOOST_REQUIRE(!format.read_check(200, R"({"total":6.5,"valid":true})", order));
  auto call = format.order_call(order);
  BOOST_REQUIRE(!call.body.empty());
  auto outcome = format.read_outcome(200, what.answer, order, false);
  bool is_taken =
    outcome.verdict == provider_verdict::placed || outcome.verdict == provider_verdict::unknown;
  BOOST_REQUIRE_MESSAGE(is_taken, format.name << ": " << outcome.reason);
}

} // namespace

BOOST_AUTO_TEST_SUITE(provider_formats_suite)

BOOST_AUTO_TEST_CASE(a_format_adds_less_than_a_millisecond_to_an_order) {
  using namespace std::chrono;
  constexpr int times = 500;
  for (const auto& what : all_exchanges()) {
    go_through(what);
    auto begin = steady_clock::now();
    for (int i = 0; i < times; ++i)
      go_through(what);
    auto each = duration_cast<microseconds>(steady_clock::now() - begin) / times;
    BOOST_TEST_MESSAGE(what.format->name << ": " << each.count() << " µs of an order");
    BOOST_TEST(each.count() < 1'000, what.format->name);
  }
}

BOOST_AUTO_TEST_CASE(what_each_provider_can_do_is_declared) {
  auto declares = [](const provider_format& format, const std::string& all) {
    std::string told;
    for (auto one : capabilities_of(format))
      told += (told.empty() ? "" : " ") + std::string{one};
    BOOST_TEST(told == all, format.name << ": " << told);
  };
  declares(esim_access_format, "catalogue look_up usage revoke refund esim_topup balance webhook "
                               "list price_check");
  declares(esim_go_format, "catalogue usage revoke esim_topup balance webhook list price_check");
  declares(airalo_format,
           "catalogue look_up usage refund_on_request esim_topup balance webhook list");
  declares(reloadly_format, "catalogue look_up sim_topup balance webhook list");
  declares(dt_one_format, "catalogue look_up sim_topup balance webhook list");
}

BOOST_AUTO_TEST_CASE(what_checks_prices_has_a_way_to_do_so_and_what_tops_up_says_what_by) {
  for (const auto* format : {&standard_format, &packages_format, &airalo_format, &dt_one_format,
                             &esim_access_format, &esim_go_format, &reloadly_format}) {
    BOOST_TEST((format->check_call == nullptr) == (format->read_check == nullptr), format->name);
    BOOST_TEST((format->tops_up_esims || !format->has_top_up_packages), format->name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

#include "tests/orders/provider_fixture.hpp"

// Orders at a provider that is asked something before each.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

std::optional<provider_call> ask_before(const provider_order&) {
  return provider_call{"GET", "/check"};
}

std::optional<provider_outcome> read_what_it_says(int32_t status, std::string_view,
                                                  provider_order& order) {
  switch (status) {
  case 200:
    order.buyer.name = "checked";
    return std::nullopt;
  case 401:
    return ours("a wrong key");
  case 409:
    return refused("it is dearer now");
  default:
    return unknown("nobody knows");
  }
}

provider_call order_what_was_checked(const provider_order& order) {
  return {"POST", "/orders/" + order.buyer.name, order.reference};
}

const provider_format& format_with_check() {
  static const auto format = [] {
    auto result = standard_format;
    result.checks_price = true;
    result.check_call = ask_before;
    result.read_check = read_what_it_says;
    result.order_call = order_what_was_checked;
    return result;
  }();
  return format;
}

struct fixture : provider_calls {
  fixture() {
    provider_settings settings;
    settings.url = "http://provider";
    settings.format = &format_with_check();
    begin(std::move(settings));
  }

  void serve_catalogue() {
    answer(next_call(), 200, to_wire(sandbox::make_catalogue()));
  }

  auto buy(const std::string& reference, bool may_be_placed = false) {
    provider_order order{reference, "p3:data-us-5gb", {}};
    order.may_be_placed = may_be_placed;
    auto result = ask<provider_outcome>(system, sut, std::move(order));
    settle();
    return result;
  }

  /// The next call has to be a check.
  web_request next_check() {
    auto request = next_call();
    BOOST_TEST(request.url == "http://provider/check");
    return request;
  }

  /// The next call has to be the order.
  web_request next_order() {
    auto request = next_call();
    BOOST_TEST(request.url == "http://provider/orders/checked");
    return request;
  }

  void sell(const std::string& reference) {
    answer(next_order(), 201, provider_fixture::bought(reference));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_check_suite, fixture)

BOOST_AUTO_TEST_CASE(before_the_catalogue_has_come_no_price_is_known_and_nothing_is_ordered) {
  auto order = buy("r-1");
  BOOST_TEST(calls->size() == 1u);
  serve_catalogue();
  BOOST_TEST(calls->empty());
  advance(1s);
  answer(next_check(), 200);
  sell("r-1");
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(an_order_is_placed_behind_its_check_which_may_complete_it) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_check(), 200);
  sell("r-1");
  BOOST_TEST(ended_as(order, provider_verdict::placed));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(what_a_check_objects_to_is_not_ordered) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_check(), 409);
  BOOST_TEST(ended_as(order, provider_verdict::refused));
  BOOST_TEST(order.get().reason == "it is dearer now");
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(a_check_that_comes_to_nothing_is_made_again_and_has_bought_nothing) {
  serve_catalogue();
  auto order = buy("r-1");
  fail(next_check(), web_failure::no_answer);
  advance(1s);
  answer(next_check(), 500);
  for (int tries = 2; tries < 5; ++tries) {
    advance(3s);
    fail(next_check(), web_failure::no_answer);
  }
  BOOST_TEST(ended_as(order, provider_verdict::unavailable));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(whoever_waits_too_long_for_a_check_has_bought_nothing) {
  serve_catalogue();
  auto order = buy("r-1");
  auto check = next_check();
  for (int i = 0; i < 14; ++i)
    advance(2s);
  BOOST_TEST(ended_as(order, provider_verdict::unavailable));
  // Nor does its answer buy anything.
  answer(check, 200);
  for (const auto& request : *calls)
    BOOST_TEST(request.method == "GET");
}

BOOST_AUTO_TEST_CASE(a_check_that_refuses_our_key_holds_orders_until_one_of_them_goes_well) {
  serve_catalogue();
  auto first = buy("r-1");
  answer(next_check(), 401);
  BOOST_TEST(ended_as(first, provider_verdict::ours));
  BOOST_TEST(ended_as(buy("r-2"), provider_verdict::ours));
  BOOST_TEST(calls->empty());
  advance(2s);
  auto probe = buy("r-3");
  answer(next_check(), 200);
  // The check says nothing of our credit.
  BOOST_TEST(calls->size() == 1u);
  BOOST_TEST(ended_as(buy("r-4"), provider_verdict::ours));
  sell("r-3");
  BOOST_TEST(ended_as(probe, provider_verdict::placed));
  auto next = buy("r-5");
  answer(next_check(), 200);
  sell("r-5");
  BOOST_TEST(ended_as(next, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(what_may_be_bought_already_is_looked_up_and_not_checked) {
  serve_catalogue();
  auto order = buy("r-1", true);
  auto request = next_call();
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.url != "http://provider/check");
  answer(request, 404, R"({"error":{"code":"no","message":"no such order"}})");
  advance(1s);
  answer(next_check(), 200);
  sell("r-1");
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_SUITE_END()

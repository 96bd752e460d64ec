#include "tests/orders/provider_fixture.hpp"

#include <prometheus/text_serializer.h>

// When a provider is left alone, and how it is tried again.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(provider_circuit_suite, provider_fixture)

BOOST_AUTO_TEST_CASE(it_turns_orders_away_at_once_and_lets_a_probe_through) {
  serve_catalogue();
  open_circuit();
  auto order = buy("r-1");
  BOOST_TEST(ended_as(order, provider_verdict::unavailable));
  BOOST_TEST(calls->empty());
  advance(1s);
  auto probe = buy("r-2");
  BOOST_TEST(calls->size() == 1u);
  BOOST_TEST(ended_as(buy("r-3"), provider_verdict::unavailable));
  answer(next_call(), 201, bought("r-2"));
  BOOST_TEST(ended_as(probe, provider_verdict::placed));
  auto after = buy("r-4");
  answer(next_call(), 201, bought("r-4"));
  BOOST_TEST(ended_as(after, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(a_refused_credential_or_credit_holds_orders_and_nothing_else) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_call(), 402, wire_error("no_credit", "the balance is used up"));
  BOOST_TEST(ended_as(order, provider_verdict::ours));
  BOOST_TEST(ended_as(buy("r-2"), provider_verdict::ours));
  BOOST_TEST(calls->empty());
  auto figures = prometheus::TextSerializer{}.Serialize(registry->Collect());
  BOOST_TEST(figures.find("meisim_provider_account_refused{provider=\"p3\"} 1")
             != std::string::npos);
  // Questions pass meanwhile.
  auto known = look_up("r-0");
  answer(next_call(), 200, bought("r-0"));
  BOOST_TEST(ended_as(known, provider_verdict::placed));
  BOOST_TEST(ended_as(buy("r-3"), provider_verdict::ours));
  // One order tries whether it is over.
  advance(1s);
  auto probe = buy("r-4");
  BOOST_TEST(ended_as(buy("r-5"), provider_verdict::ours));
  answer(next_call(), 201, bought("r-4"));
  BOOST_TEST(ended_as(probe, provider_verdict::placed));
  auto after = buy("r-6");
  answer(next_call(), 201, bought("r-6"));
  BOOST_TEST(ended_as(after, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(an_order_that_may_be_bought_waits_for_it) {
  serve_catalogue();
  auto order = buy("r-1");
  fail(next_call(), web_failure::no_answer);
  // Four more failures open it.
  auto other = buy("r-2");
  for (int i = 0; i < 4; ++i) {
    if (calls->empty())
      advance(2s);
    fail(next_call(), web_failure::not_sent);
  }
  advance(200ms);
  BOOST_TEST(!order.has_ended());
  for (int i = 0; i < 10 && !order.has_ended(); ++i) {
    advance(1s);
    while (!calls->empty()) {
      auto request = next_call();
      answer(request, request.method == "GET" ? 200 : 201, bought("r-1"));
    }
  }
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(an_order_of_before_does_not_wait_for_a_provider_that_is_away) {
  serve_catalogue();
  open_circuit();
  provider_order again{"r-1", "p3:data-us-5gb", {}};
  again.may_be_placed = true;
  auto order = ask<provider_outcome>(system, sut, again);
  settle();
  // Its worker has others to serve meanwhile.
  BOOST_TEST(ended_as(order, provider_verdict::unknown));
  BOOST_TEST(order.get().retry_after_seconds >= 1);
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(a_probe_that_is_answered_too_late_still_opens_or_closes) {
  serve_catalogue();
  auto first = buy("r-1");
  answer(next_call(), 402);
  BOOST_TEST(ended_as(first, provider_verdict::ours));
  advance(1s);
  auto probe = buy("r-2");
  auto late = next_call();
  advance(27s);
  BOOST_TEST(ended_as(probe, provider_verdict::unknown));
  calls->clear();
  answer(late, 402);
  BOOST_TEST(ended_as(buy("r-3"), provider_verdict::ours));
  advance(3s);
  calls->clear();
  auto second = buy("r-4");
  late = next_call();
  advance(27s);
  calls->clear();
  answer(late, 201, bought("r-4"));
  auto after = buy("r-5");
  answer(next_call(), 201, bought("r-5"));
  BOOST_TEST(ended_as(after, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(a_probe_that_meets_a_busy_provider_tells_nothing_of_our_account) {
  serve_catalogue();
  auto first = buy("r-1");
  answer(next_call(), 402);
  advance(1s);
  auto probe = buy("r-2");
  answer(next_call(), 503);
  BOOST_TEST(ended_as(buy("r-3"), provider_verdict::ours));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(how_its_latest_calls_ended_is_told_until_they_are_old) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_call(), 201, bought("r-1"));
  auto refused = buy("r-2");
  answer(next_call(), 422, wire_error("no_stock", "sold out"));
  advance(2s);
  BOOST_TEST(told.calls.answered == 2);
  BOOST_TEST(told.calls.refused == 1);
  BOOST_TEST(told.calls.failed == 0);
  BOOST_TEST(told.calls.median.has_value());
  // Only fetches of the catalogue go on.
  for (int i = 0; i < 160; ++i) {
    advance(2s);
    while (!calls->empty())
      fail(next_call(), web_failure::no_answer);
  }
  BOOST_TEST(told.calls.answered == 0);
  BOOST_TEST(told.calls.failed > 0);
}

BOOST_AUTO_TEST_SUITE_END()

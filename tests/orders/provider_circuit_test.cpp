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
  answer(next_call(), 404);
  BOOST_TEST(ended_as(known, provider_verdict::absent));
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

BOOST_AUTO_TEST_SUITE_END()

#include "tests/orders/provider_fixture.hpp"

#include <prometheus/text_serializer.h>

// How a provider's catalogue is kept.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(provider_catalogue_suite, provider_fixture)

BOOST_AUTO_TEST_CASE(it_is_fetched_before_anyone_asks_and_then_kept) {
  auto request = next_call();
  BOOST_TEST(request.url == "http://provider/v1/catalogue");
  BOOST_TEST(request.headers.back() == "Authorization: Bearer secret");
  auto early = view();
  BOOST_TEST(!early.has_ended());
  answer(request, 200, to_wire(sandbox::make_catalogue()));
  BOOST_TEST((find_bundle(*early.get().current, "esim_5gb_30days_jp") != nullptr));
  BOOST_TEST((view().get().current == early.get().current));
  advance(58s);
  BOOST_TEST(calls->empty());
  advance(4s);
  BOOST_TEST(calls->size() == 1u);
  // While the new one is on its way, the old one answers.
  BOOST_TEST((view().get().current == early.get().current));
  serve_catalogue();
  BOOST_TEST((view().get().current != early.get().current));
}

BOOST_AUTO_TEST_CASE(the_last_one_answers_while_the_provider_is_away) {
  serve_catalogue();
  auto last = view().get().current;
  advance(62s);
  for (int i = 0; i < 20; ++i) {
    advance(2s);
    while (!calls->empty())
      fail(next_call(), web_failure::no_answer);
    BOOST_TEST((view().get().current == last));
  }
}

BOOST_AUTO_TEST_CASE(a_provider_that_wants_to_be_left_alone_is_asked_for_it_later) {
  answer(next_call(), 429, "{}", 30);
  for (int i = 0; i < 14; ++i) {
    // Whoever wants to read it hears at once that there is none.
    BOOST_TEST((view().code() == ec::unavailable));
    advance(2s);
  }
  BOOST_TEST(calls->empty());
  advance(4s);
  serve_catalogue();
  BOOST_TEST((view().get().current != nullptr));
}

BOOST_AUTO_TEST_CASE(without_one_there_is_an_error_until_it_can_be_had) {
  auto early = view();
  answer(next_call(), 503);
  BOOST_TEST((early.code() == ec::unavailable));
  auto second = view();
  answer(next_call(), 200, "<html>");
  BOOST_TEST((second.code() == ec::unavailable));
  advance(2s);
  serve_catalogue();
  BOOST_TEST((view().get().current != nullptr));
}

BOOST_AUTO_TEST_CASE(a_paid_order_of_what_is_not_listed_any_more_is_refused) {
  serve_catalogue();
  advance(62s);
  auto without = sandbox::make_catalogue();
  std::erase_if(without.products, [](const product& one) { return one.id == "p3:data-us-5gb"; });
  answer(next_call(), 200, to_wire(without));
  auto figures = prometheus::TextSerializer{}.Serialize(registry->Collect());
  BOOST_TEST(figures.find("meisim_provider_products_gone_total{provider=\"p3\"} 1")
             != std::string::npos);
  auto order = buy("r-1");
  BOOST_TEST(ended_as(order, provider_verdict::refused));
  BOOST_TEST(calls->empty());
  // What may have been bought before is looked for all the same.
  auto earlier = look_up("r-2");
  answer(next_call(), 200, bought("r-2"));
  BOOST_TEST(ended_as(earlier, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(
  what_was_never_bought_and_is_not_listed_any_more_is_refused_when_that_is_sure) {
  auto without = sandbox::make_catalogue();
  std::erase_if(without.products, [](const product& one) { return one.id == "p3:data-us-5gb"; });
  answer(next_call(), 200, to_wire(without));
  auto order = look_up("r-1");
  for (int i = 0; i < 20 && !order.has_ended(); ++i) {
    while (!calls->empty()) {
      auto request = next_call();
      BOOST_TEST(request.method == "GET");
      answer(request, 404);
    }
    advance(1s);
  }
  BOOST_TEST(ended_as(order, provider_verdict::refused));
}

BOOST_AUTO_TEST_SUITE_END()

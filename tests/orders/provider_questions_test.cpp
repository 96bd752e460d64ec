#include "tests/orders/provider_fixture.hpp"

// Questions to a provider that are no orders.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(provider_questions_suite, provider_fixture)

BOOST_AUTO_TEST_CASE(a_sim_is_asked_about_in_the_providers_words) {
  serve_catalogue();
  auto known =
    ask<provider_text>(system, sut, sim_question{"Vodafone-UK", {{}, "8944000000000000000"}});
  settle();
  auto request = next_call();
  BOOST_TEST(request.url == "http://provider/v1/sims/check");
  BOOST_TEST(sim_question_from_wire(request.body)->sim.sim_serial == "8944000000000000000");
  answer(request, 404, "{}");
  BOOST_TEST(known.get().status == 404);
}

BOOST_AUTO_TEST_CASE(an_order_that_may_be_placed_is_asked_about_first) {
  serve_catalogue();
  auto known = look_up("r-1");
  answer(next_call(), 200, bought("r-1"));
  BOOST_TEST(ended_as(known, provider_verdict::placed));
  auto missing = look_up("r-2");
  answer(next_call(), 404);
  advance(3s);
  answer(next_call(), 201, bought("r-2"));
  BOOST_TEST(ended_as(missing, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(a_question_is_repeated_until_it_is_answered) {
  serve_catalogue();
  auto result =
    ask<provider_text>(system, sut, esim_question{"8944000000000000000", false, "p3:x"});
  settle();
  fail(next_call(), web_failure::no_answer);
  BOOST_TEST(calls->empty());
  advance(3s);
  answer(next_call(), 502);
  advance(3s);
  BOOST_TEST(!result.has_ended());
  answer(next_call(), 200, R"({"state":"released"})");
  BOOST_TEST(result.get().status == 200);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says) {
  serve_catalogue();
  auto ask_one = [&] {
    auto result =
      ask<provider_text>(system, sut, esim_question{"8944000000000000000", false, "p3:x"});
    settle();
    return result;
  };
  auto result = ask_one();
  answer(next_call(), 429, "{}", 7);
  advance(6s);
  BOOST_TEST(calls->empty());
  advance(2s);
  answer(next_call(), 200, R"({"state":"released"})");
  BOOST_TEST(result.get().status == 200);
  // Nobody waits for as long as this.
  auto other = ask_one();
  answer(next_call(), 429, "{}", 60);
  BOOST_TEST((other.code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_question_that_is_never_answered_ends_as_unavailable) {
  serve_catalogue();
  auto result = ask<provider_text>(system, sut, sim_question{"Vodafone-UK", {"+447700900000", {}}});
  settle();
  for (int i = 0; i < 3; ++i) {
    fail(next_call(), web_failure::not_sent);
    advance(3s);
  }
  BOOST_TEST(calls->empty());
  BOOST_TEST((result.code() == ec::unavailable));
  // Other questions do not suffer from it.
  auto order = buy("after");
  BOOST_TEST(!calls->empty());
}

BOOST_AUTO_TEST_CASE(a_revocation_is_repeated_only_where_it_surely_was_not_carried_out) {
  serve_catalogue();
  esim_question revocation{"8944000000000000000", true, "p3:x"};
  auto first = ask<provider_text>(system, sut, revocation);
  settle();
  answer(next_call(), 503);
  advance(3s);
  answer(next_call(), 200, "{}");
  BOOST_TEST(first.get().status == 200);
  auto second = ask<provider_text>(system, sut, revocation);
  settle();
  fail(next_call(), web_failure::no_answer);
  advance(3s);
  BOOST_TEST(calls->empty());
  BOOST_TEST((second.code() == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()

#include "tests/orders/provider_fixture.hpp"

// What becomes of an order at a provider.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct lost_answer_fixture : provider_fixture {
  /// An order that is sent a second time: the first answer is lost, and the look-up finds nothing.
  /// The second call is the next.
  auto buy_again(std::string reference) {
    auto order = buy(std::move(reference));
    fail(next_call(), web_failure::no_answer);
    advance(300ms);
    answer(next_call(), 404);
    advance(500ms);
    return order;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_suite, lost_answer_fixture)

BOOST_AUTO_TEST_CASE(an_order_is_posted_once_and_answered) {
  serve_catalogue();
  auto order = buy("r-1");
  auto request = next_call();
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url == "http://provider/v1/orders");
  BOOST_TEST(order_from_wire(request.body)->reference == "r-1");
  answer(request, 201, bought("r-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
  BOOST_TEST(order.get().bought.iccid == sandbox::make_esim("r-1").iccid);
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_call(), 422, wire_error("refused", "no"));
  BOOST_TEST(ended_as(order, provider_verdict::refused));
  BOOST_TEST(order.get().reason == "no");
}

BOOST_AUTO_TEST_CASE(a_refusal_after_a_lost_answer_is_looked_up_and_not_believed) {
  serve_catalogue();
  for (int refusal : {409, 422}) {
    auto reference = std::to_string(refusal);
    auto order = buy_again(reference);
    // The first try was only late.
    answer(next_call(), refusal);
    advance(1s);
    auto question = next_call();
    BOOST_TEST(question.method == "GET");
    answer(question, 200, bought(reference));
    BOOST_TEST(ended_as(order, provider_verdict::placed));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_after_a_lost_answer_holds_once_that_cannot_be_at_work_any_more) {
  serve_catalogue();
  auto order = buy_again("r-1");
  answer(next_call(), 422, wire_error("refused", "no"));
  // The provider may still be at work on the first call.
  advance(1s);
  answer(next_call(), 404);
  BOOST_TEST(!order.has_ended());
  for (int i = 0; i < 10 && !order.has_ended(); ++i) {
    advance(2s);
    while (!calls->empty())
      answer(next_call(), 404);
  }
  BOOST_TEST(ended_as(order, provider_verdict::refused));
  BOOST_TEST(order.get().reason == "no");
}

BOOST_AUTO_TEST_CASE(what_arrives_late_after_a_refusal_is_found) {
  serve_catalogue();
  auto order = buy_again("r-1");
  // The first call has taken the last one.
  answer(next_call(), 422, wire_error("refused", "sold out"));
  advance(1s);
  answer(next_call(), 404);
  advance(2s);
  answer(next_call(), 200, bought("r-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(an_order_of_before_is_not_refused_while_its_first_call_may_be_at_work) {
  serve_catalogue();
  provider_order again{"r-1", "p3:data-us-5gb", {}};
  again.may_be_placed = true;
  auto order = ask<provider_outcome>(system, sut, again);
  settle();
  answer(next_call(), 404);
  advance(500ms);
  // The first call has the reference in hand.
  answer(next_call(), 409, wire_error("conflict", "in progress"));
  advance(1s);
  answer(next_call(), 404);
  BOOST_TEST(!order.has_ended());
  advance(2s);
  answer(next_call(), 200, bought("r-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(what_is_contested_is_looked_up_once_and_refused) {
  serve_catalogue();
  for (int status : {404, 409}) {
    auto order = buy(std::to_string(status));
    answer(next_call(), status, wire_error("no", "no such product"));
    advance(300ms);
    auto question = next_call();
    BOOST_TEST(question.method == "GET");
    answer(question, 404);
    BOOST_TEST(ended_as(order, provider_verdict::refused));
    BOOST_TEST(order.get().reason == "no such product");
    BOOST_TEST(calls->empty());
  }
}

BOOST_AUTO_TEST_CASE(what_the_provider_is_still_at_work_on_is_never_said_to_be_unbought) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_call(), 404);
  auto pending = to_wire(provider_order{"r-1", "p3:data-us-5gb", {}}, unknown("at work"));
  for (int i = 0; i < 30 && !order.has_ended(); ++i) {
    advance(1s);
    while (!calls->empty())
      answer(next_call(), 200, pending);
  }
  BOOST_TEST(ended_as(order, provider_verdict::unknown));
}

BOOST_AUTO_TEST_CASE(what_did_not_get_its_turn_in_time_is_never_sent) {
  serve_catalogue();
  std::vector<pending_answer<provider_outcome>> orders;
  for (int i = 0; i < 4; ++i)
    orders.push_back(buy(std::to_string(i)));
  auto first = next_call();
  auto second = next_call();
  advance(27s);
  // What is under way may be bought; what waited was not.
  BOOST_TEST(ended_as(orders[0], provider_verdict::unknown));
  BOOST_TEST(ended_as(orders[1], provider_verdict::unknown));
  BOOST_TEST(ended_as(orders[2], provider_verdict::unavailable));
  BOOST_TEST(ended_as(orders[3], provider_verdict::unavailable));
  calls->clear();
  answer(first, 201, bought("0"));
  answer(second, 201, bought("1"));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(what_was_not_accepted_is_repeated_after_a_pause) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_call(), 503);
  BOOST_TEST(calls->empty());
  advance(300ms);
  answer(next_call(), 503);
  advance(500ms);
  answer(next_call(), 201, bought("r-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(after_some_tries_it_is_for_the_caller_to_repeat) {
  serve_catalogue();
  auto order = buy("r-1");
  for (int i = 0; i < 5; ++i) {
    advance(2s);
    answer(next_call(), 429);
  }
  BOOST_TEST(ended_as(order, provider_verdict::unavailable));
  BOOST_TEST(order.get().retry_after_seconds >= 1);
}

BOOST_AUTO_TEST_CASE(a_rest_that_is_longer_than_the_caller_waits_is_for_the_caller_to_keep) {
  serve_catalogue();
  for (int32_t rest : {27, 120}) {
    auto order = buy("r-" + std::to_string(rest));
    answer(next_call(), 429, {}, rest);
    BOOST_TEST(ended_as(order, provider_verdict::unavailable));
    BOOST_TEST(order.get().retry_after_seconds == rest);
    advance(2s);
    BOOST_TEST(calls->empty());
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_is_looked_up) {
  serve_catalogue();
  auto order = buy("r/1");
  fail(next_call(), web_failure::no_answer);
  advance(300ms);
  auto request = next_call();
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.url == "http://provider/v1/orders/r%2F1");
  answer(request, 200, bought("r/1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(what_may_have_been_placed_is_looked_up_before_anything_is_sent) {
  serve_catalogue();
  provider_order wish{"r-1", "Vodafone-UK", {}};
  wish.top_up = recharge{"Vodafone-UK", {"+447700900000", {}}, "GBP", 2'000, {}, 0};
  wish.may_be_placed = true;
  auto order = ask<provider_outcome>(system, sut, wish);
  settle();
  auto question = next_call();
  BOOST_TEST(question.method == "GET");
  BOOST_TEST(question.url == "http://provider/v1/recharges/r-1");
  // The provider has never heard of it: the same reference may be sent.
  answer(question, 404);
  advance(500ms);
  auto request = next_call();
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url == "http://provider/v1/recharges");
  BOOST_TEST(recharge_from_wire(request.body)->reference == "r-1");
  fail(request, web_failure::no_answer);
  advance(500ms);
  answer(next_call(), 200, to_wire(wish, placed({"", "", "p-1"})));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
  BOOST_TEST(order.get().bought.provider_order_id == "p-1");
}

BOOST_AUTO_TEST_CASE(an_order_that_never_arrived_is_sent_again_under_the_same_reference) {
  serve_catalogue();
  auto order = buy_again("r-1");
  auto request = next_call();
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(order_from_wire(request.body)->reference == "r-1");
  answer(request, 200, bought("r-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(what_stays_unclear_is_unknown_and_never_said_to_be_unbought) {
  serve_catalogue();
  auto order = buy("r-1");
  fail(next_call(), web_failure::no_answer);
  for (int i = 0; i < 60 && !order.has_ended(); ++i) {
    advance(1s);
    while (!calls->empty()) {
      auto request = next_call();
      if (request.call_id != 0)
        BOOST_TEST(request.method == "GET");
      answer(request, 503);
    }
  }
  BOOST_TEST(ended_as(order, provider_verdict::unknown));
}

BOOST_AUTO_TEST_CASE(calls_beyond_the_bound_wait_and_orders_beyond_it_are_turned_away) {
  serve_catalogue();
  std::vector<pending_answer<provider_outcome>> orders;
  for (int i = 0; i < 5; ++i)
    orders.push_back(buy(std::to_string(i)));
  BOOST_TEST(calls->size() == 2u);
  BOOST_TEST(ended_as(orders[4], provider_verdict::unavailable));
  for (int i = 0; i < 4; ++i)
    answer(next_call(), 201, bought(std::to_string(i)));
  for (int i = 0; i < 4; ++i)
    BOOST_TEST(ended_as(orders[static_cast<size_t>(i)], provider_verdict::placed));
}

BOOST_AUTO_TEST_SUITE_END()

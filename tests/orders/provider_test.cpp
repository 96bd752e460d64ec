#include "actors/orders/provider.hpp"
#include "apps/sandbox/provider_sandbox.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/orders/provider_wire.hpp"
#include "tests/fixtures/actors.hpp"

#include <prometheus/text_serializer.h>

#include <deque>

// The provider actor on the fake clock, with calls that end as the test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  std::shared_ptr<std::deque<web_request>> calls = std::make_shared<std::deque<web_request>>();
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  provider_actor sut;

  fixture() {
    provider_settings settings;
    settings.url = "http://provider/";
    settings.api_key = "secret";
    settings.concurrency = 2;
    settings.most_tasks = 4;
    auto seen = calls;
    sut = spawn(provider, settings, web_connector{[seen](provider_actor) {
                  return [seen](web_request request) { seen->push_back(std::move(request)); };
                }},
                registry);
    settle();
  }

  /// The oldest call that has not been answered.
  web_request next_call() {
    BOOST_REQUIRE(!calls->empty());
    auto result = std::move(calls->front());
    calls->pop_front();
    return result;
  }

  void answer(const web_request& request, int32_t status, std::string body = {}) {
    web_answer what;
    what.call_id = request.call_id;
    what.status = status;
    what.body = std::move(body);
    caf::anon_send(sut, what);
    settle();
  }

  void fail(const web_request& request, web_failure failure) {
    web_answer what;
    what.call_id = request.call_id;
    what.failure = failure;
    caf::anon_send(sut, what);
    settle();
  }

  /// Answers the first fetch, which every provider begins with.
  void serve_catalogue() {
    answer(next_call(), 200, to_wire(sandbox::make_catalogue()));
  }

  auto buy(std::string reference) {
    auto result = ask<provider_outcome>(system, sut,
                                        provider_order{std::move(reference), "p3:data-us-5gb", {}});
    settle();
    return result;
  }

  auto look_up(std::string reference) {
    auto result = ask<provider_outcome>(system, sut, find_provider_order{std::move(reference)});
    settle();
    return result;
  }

  auto view() {
    auto result = ask<catalogue_view>(system, sut, load_catalogue{});
    settle();
    return result;
  }

  static std::string bought(std::string reference) {
    return to_wire(provider_order{reference, "p3:data-us-5gb", {}},
                   placed(sandbox::make_esim(reference)));
  }

  /// Brings down the circuit with calls that cannot connect.
  void open_circuit() {
    auto doomed = buy("doomed");
    for (int i = 0; i < 5; ++i) {
      advance(3s);
      fail(next_call(), web_failure::not_sent);
    }
    BOOST_REQUIRE((doomed.get().verdict == provider_verdict::unavailable));
    calls->clear();
  }
};

bool ended_as(const pending_answer<provider_outcome>& what, provider_verdict verdict) {
  return what.get().verdict == verdict;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(catalogue_keeping, fixture)

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

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(ordering, fixture)

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
    auto order = buy(reference);
    fail(next_call(), web_failure::no_answer);
    advance(300ms);
    answer(next_call(), 404);
    advance(500ms);
    // The first try was only late.
    answer(next_call(), refusal);
    advance(1s);
    auto question = next_call();
    BOOST_TEST(question.method == "GET");
    answer(question, 200, bought(reference));
    BOOST_TEST(ended_as(order, provider_verdict::placed));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_after_a_lost_answer_holds_if_there_is_no_such_order) {
  serve_catalogue();
  auto order = buy("r-1");
  fail(next_call(), web_failure::no_answer);
  advance(300ms);
  answer(next_call(), 404);
  advance(500ms);
  answer(next_call(), 422, wire_error("refused", "no"));
  advance(1s);
  answer(next_call(), 404);
  BOOST_TEST(ended_as(order, provider_verdict::refused));
  BOOST_TEST(order.get().reason == "no");
}

BOOST_AUTO_TEST_CASE(an_order_that_meets_404_is_looked_up_once_and_refused) {
  serve_catalogue();
  auto order = buy("r-1");
  answer(next_call(), 404, wire_error("not_found", "no such product"));
  advance(300ms);
  auto question = next_call();
  BOOST_TEST(question.method == "GET");
  answer(question, 404);
  BOOST_TEST(ended_as(order, provider_verdict::refused));
  BOOST_TEST(order.get().reason == "no such product");
  BOOST_TEST(calls->empty());
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

BOOST_AUTO_TEST_CASE(an_order_that_never_arrived_is_sent_again_under_the_same_reference) {
  serve_catalogue();
  auto order = buy("r-1");
  fail(next_call(), web_failure::no_answer);
  advance(300ms);
  answer(next_call(), 404);
  advance(500ms);
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

BOOST_AUTO_TEST_CASE(a_question_says_what_the_provider_knows) {
  serve_catalogue();
  auto known = look_up("r-1");
  answer(next_call(), 200, bought("r-1"));
  BOOST_TEST(ended_as(known, provider_verdict::placed));
  auto missing = look_up("r-2");
  answer(next_call(), 404);
  BOOST_TEST(ended_as(missing, provider_verdict::absent));
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
  // The others are not made to suffer for it.
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

BOOST_FIXTURE_TEST_SUITE(an_open_circuit, fixture)

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

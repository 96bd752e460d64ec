#include "tests/money/stripe_fixture.hpp"

// Calls to Stripe: what is repeated, and what is given up.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(stripe_actor_suite, stripe_fixture)

BOOST_AUTO_TEST_CASE(a_call_that_got_no_answer_is_repeated_under_the_same_key) {
  auto started = begin();
  auto first = next_call();
  BOOST_TEST(first.url == "http://stripe/v1/checkout/sessions");
  BOOST_TEST(has_header(first, "Authorization: Bearer sk_test"));
  auto key = "Idempotency-Key: " + to_string(script->payment.id);
  BOOST_TEST(has_header(first, key));
  answer(first, 0, "", web_failure::no_answer);
  BOOST_TEST(script->calls.empty());
  advance(2s);
  auto second = next_call();
  BOOST_TEST(has_header(second, key));
  BOOST_TEST(second.body == first.body);
  answer(second, 200, made_session);
  BOOST_TEST(started.get().means.checkout_url == "http://stripe/pay");
  BOOST_TEST(started.get().means.client_secret.empty());
  BOOST_TEST(started.get().net.cents() == 100'00);
  BOOST_TEST(started.get().gross.cents() == 103'30);
  BOOST_TEST(!started.get().replayed);
  BOOST_REQUIRE_EQUAL(script->kept.size(), 1u);
  BOOST_TEST(script->kept[0].reference == "cs_1");
  BOOST_TEST(script->kept[0].means.checkout_url == "http://stripe/pay");
}

BOOST_AUTO_TEST_CASE(a_stripe_in_trouble_is_left_alone_after_a_few_tries) {
  for (int i = 0; i < 2; ++i) {
    auto started = begin();
    for (int tries = 0; tries < 3 && !script->calls.empty(); ++tries) {
      answer(next_call(), 500);
      // Longer than the pause between tries, shorter than that of the breaker.
      advance(700ms);
    }
    BOOST_TEST((started.code() == ec::unavailable));
  }
  BOOST_TEST((begin().code() == ec::unavailable));
  BOOST_TEST(script->calls.empty());
  // After its pause one call is let through, and its answer decides.
  advance(3s);
  auto probe = begin();
  answer(next_call(), 200, made_session);
  BOOST_TEST(probe.get().means.are_there());
}

BOOST_AUTO_TEST_CASE(what_stripe_refuses_is_not_repeated) {
  auto started = begin(payment_kind::intent);
  answer(next_call(), 402, R"({"error":{"type":"card_error","message":"no"}})");
  BOOST_TEST((started.code() == ec::vendor_error));
  advance(5s);
  BOOST_TEST(script->calls.empty());
  BOOST_TEST(script->kept.empty());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_none_is_an_error) {
  for (auto body : {"", "[]", "{}", R"({"id":"cs_1"})"}) {
    auto started = begin();
    answer(next_call(), 200, body);
    BOOST_TEST((started.code() == ec::vendor_error), body);
  }
}

BOOST_AUTO_TEST_CASE(without_a_key_there_are_no_payments) {
  auto bare = spawn(stripe, stripe_settings{}, payment_store_actor{}, region_actor{},
                    stripe_connector{[](stripe_actor) { return [](web_request) {}; }}, registry);
  auto started = ask<topup_started>(system, bare, start_topup{});
  // Not even with a signature under an empty secret.
  auto taken = ask<done>(system, bare, stripe_letter{sign_payload("{}", "", meisim::now()), "{}"});
  settle();
  BOOST_TEST((started.code() == ec::unavailable));
  BOOST_TEST((taken.code() == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()

#include "actors/money/stripe.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_signature.hpp"
#include "tests/fixtures/actors.hpp"

#include <prometheus/text_serializer.h>

#include <deque>

// Calls to Stripe and events from it. Stripe, the database and the wallet do what the test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

constexpr auto secret = "whsec_test";

/// What is outside of the actor.
struct outside_script {
  std::deque<web_request> calls;
  stripe_payment payment;
  /// Whether the database finds the payment by what an event names besides our own id.
  bool is_intent_known = true;
  bool is_database_down = false;
  std::vector<posting> postings;
  /// What the wallet answers first; after these it succeeds.
  std::deque<caf::error> refusals;
  std::vector<finish_payment> kept;
};

using script_pointer = std::shared_ptr<outside_script>;

payment_store_actor::behavior_type scripted_store(payment_store_actor::pointer,
                                                  script_pointer known) {
  return {
    [known](const begin_payment& wish) {
      return begun_payment{known->payment.id, wish.what.net, wish.gross, {}};
    },
    [known](const finish_payment& result) {
      known->kept.push_back(result);
      return done{};
    },
    [known](const find_payment& question) -> caf::result<stripe_payment> {
      if (known->is_database_down)
        return make_error(ec::unavailable);
      if (!known->is_intent_known && question.id != known->payment.id)
        return make_error(ec::not_found);
      return known->payment;
    },
  };
}

wallet_actor::behavior_type scripted_wallet(wallet_actor::pointer, script_pointer known) {
  return {
    [known](const posting& what) -> caf::result<receipt> {
      if (!known->refusals.empty()) {
        auto why = known->refusals.front();
        known->refusals.pop_front();
        return why;
      }
      known->postings.push_back(what);
      if (auto* reversed = std::get_if<stripe_reversed>(&what.what)) {
        known->payment.reversed += reversed->taken;
        known->payment.refunded = reversed->refunded_after;
        if (reversed->cause.starts_with("dispute"))
          known->payment.taken_by_dispute = reversed->taken;
      } else {
        known->payment.credited = true;
      }
      return receipt{};
    },
    [](const commit_report&) {},
    [](tick_atom) {},
    [](const leave_order&) {},
    [](retire_atom) {},
  };
}

struct fixture : actor_fixture {
  script_pointer script = std::make_shared<outside_script>();
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  stripe_actor sut;

  fixture() {
    auto& payment = script->payment;
    payment.id = payment_id::make();
    payment.dealer = dealer_id::make();
    payment.net = money::from_cents(100'00);
    payment.gross = money::from_cents(103'30);
    payment.reference = "cs_1";
    auto store = spawn(scripted_store, script);
    auto owner = spawn(scripted_wallet, script);
    auto finder = spawn([owner](caf::event_based_actor*) -> caf::behavior {
      return {[owner](wallet_atom, dealer_id, const lookup&) { return owner; }};
    });
    stripe_settings settings;
    settings.url = "http://stripe/";
    settings.api_key = "sk_test";
    settings.webhook_secret = secret;
    settings.publishable_key = "pk_test";
    auto known = script;
    sut = spawn(stripe, settings, store, caf::actor_cast<region_actor>(finder),
                stripe_connector{[known](stripe_actor) {
                  return [known](web_request call) { known->calls.push_back(std::move(call)); };
                }},
                registry);
    settle();
  }

  auto begin(payment_kind kind = payment_kind::session) {
    start_topup wish;
    wish.dealer = script->payment.dealer;
    wish.kind = kind;
    wish.net = money::from_cents(100'00);
    auto result = ask<topup_started>(system, sut, wish);
    settle();
    return result;
  }

  auto take(const std::string& type, const std::string& object) {
    auto body = R"({"id":"evt_1","type":")" + type + R"(","data":{"object":)" + object + "}}";
    auto result =
      ask<done>(system, sut, stripe_letter{sign_payload(body, secret, meisim::now()), body});
    settle();
    return result;
  }

  web_request next_call() {
    BOOST_REQUIRE(!script->calls.empty());
    auto result = std::move(script->calls.front());
    script->calls.pop_front();
    return result;
  }

  void answer(const web_request& request, int32_t status, std::string body = "{}",
              web_failure failure = web_failure::none) {
    web_answer what;
    what.call_id = request.call_id;
    what.status = status;
    what.body = std::move(body);
    what.failure = failure;
    caf::anon_send(sut, what);
    settle();
  }

  static bool has_header(const web_request& request, const std::string& line) {
    return std::find(request.headers.begin(), request.headers.end(), line) != request.headers.end();
  }
};

constexpr auto made_session = R"({"id":"cs_1","url":"http://stripe/pay","payment_intent":null})";
constexpr auto disputed = R"({"id":"dp_1","payment_intent":"pi_1","amount":10330})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(stripe_actor_suite, fixture)

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
  // After its pause one call is let through, and what it gets decides.
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

BOOST_AUTO_TEST_CASE(a_dispute_of_an_unknown_intent_is_looked_up_at_stripe) {
  script->is_intent_known = false;
  auto taken = take("charge.dispute.created", disputed);
  auto question = next_call();
  BOOST_TEST(question.method == "GET");
  BOOST_TEST(question.url == "http://stripe/v1/payment_intents/pi_1");
  answer(question, 200,
         R"({"id":"pi_1","metadata":{"meisim_payment":")" + to_string(script->payment.id) + "\"}}");
  taken.get();
  // The payment itself first, then what the dispute took.
  BOOST_REQUIRE_EQUAL(script->postings.size(), 2u);
  BOOST_TEST(sum(script->postings[0].lines).cents() == 100'00);
  BOOST_TEST(sum(script->postings[1].lines).cents() == -100'00);
}

BOOST_AUTO_TEST_CASE(an_intent_of_somebody_else_is_no_matter_of_ours) {
  script->is_intent_known = false;
  auto taken = take("charge.dispute.created", disputed);
  answer(next_call(), 404);
  taken.get();
  taken = take("charge.dispute.created", disputed);
  answer(next_call(), 200, R"({"id":"pi_1","metadata":{}})");
  taken.get();
  BOOST_TEST(script->postings.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_now_is_asked_for_again) {
  auto paid = R"({"id":"cs_1","payment_status":"paid"})";
  script->is_database_down = true;
  BOOST_TEST((take("checkout.session.completed", paid).code() == ec::unavailable));
  script->is_database_down = false;
  script->refusals.push_back(make_error(ec::unavailable));
  BOOST_TEST((take("checkout.session.completed", paid).code() == ec::unavailable));
  BOOST_TEST(script->postings.empty());
  // Another event was quicker: that is settled here.
  script->refusals.push_back(make_error(ec::moved));
  take("checkout.session.completed", paid).get();
  take("checkout.session.completed", paid).get();
  BOOST_TEST(script->postings.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_payment_that_never_stands_still_is_given_back_to_stripe) {
  script->refusals.assign(100, make_error(ec::moved));
  auto taken = take("checkout.session.completed", R"({"id":"cs_1","payment_status":"paid"})");
  BOOST_TEST((taken.code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_refund_that_failed_is_left_to_the_operator) {
  take("refund.failed", R"({"id":"re_1","payment_intent":"pi_1","amount":500})").get();
  BOOST_TEST(script->postings.empty());
  auto text = prometheus::TextSerializer{}.Serialize(registry->Collect());
  BOOST_TEST(text.find(R"(outcome="by_hand",type="refund.failed"} 1)") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(an_event_over_another_amount_credits_nothing) {
  take("checkout.session.completed", R"({"id":"cs_1","payment_status":"paid","amount_total":100})")
    .get();
  BOOST_TEST(script->postings.empty());
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

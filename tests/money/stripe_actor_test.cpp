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
  std::vector<note_unmatched> unmatched;
  std::vector<settle_unmatched> settled;
  std::vector<kept_movement> movements;

  void apply(const stripe_movement& movement) {
    std::erase_if(payment.movements, [&](const auto& known) { return known.id == movement.id; });
    payment.movements.push_back(movement);
    ++payment.version;
  }
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
    [known](const note_movement& note) {
      known->apply(note.movement);
      return done{};
    },
    [known](const note_unmatched& what) {
      known->unmatched.push_back(what);
      return done{};
    },
    [known](const settle_unmatched& what) {
      known->settled.push_back(what);
      return done{};
    },
    [known](const list_unmatched&) {
      unmatched_list list;
      list.count = static_cast<int64_t>(known->unmatched.size());
      return list;
    },
    [](const list_payments&) { return payment_list{}; },
    [known](const show_payment&) {
      payment_view view;
      view.what = known->payment;
      return view;
    },
    [known](const list_movements&) { return movement_list{known->movements}; },
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
      if (auto* reversed = std::get_if<stripe_reversed>(&what.what))
        known->apply(reversed->movement);
      else
        known->payment.version = 1;
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
  script->refusals.assign(1'000, make_error(ec::moved));
  auto taken = take("checkout.session.completed", R"({"id":"cs_1","payment_status":"paid"})");
  BOOST_TEST((taken.code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_refund_that_failed_gives_back_what_it_took) {
  auto refund = [](const char* status) {
    return R"({"id":"re_1","payment_intent":"pi_1","amount":500,"currency":"usd","status":")"
           + std::string{status} + R"("})";
  };
  take("refund.created", refund("pending")).get();
  take("refund.updated", refund("failed")).get();
  take("refund.failed", refund("failed")).get();
  BOOST_REQUIRE_EQUAL(script->postings.size(), 3u);
  BOOST_TEST(sum(script->postings[1].lines).cents() == -5'00);
  BOOST_TEST(sum(script->postings[2].lines).cents() == 5'00);
}

BOOST_AUTO_TEST_CASE(a_charge_that_tells_only_a_sum_is_asked_for_its_refunds) {
  auto charge = R"({"id":"ch_1","payment_intent":"pi_1","amount":10330,"amount_refunded":500})";
  auto taken = take("charge.refunded", charge);
  auto question = next_call();
  BOOST_TEST(question.url == "http://stripe/v1/refunds?limit=100&payment_intent=pi_1");
  answer(question, 200,
         R"({"data":[{"id":"re_1","amount":500,"currency":"usd","status":"succeeded"}]})");
  taken.get();
  BOOST_REQUIRE_EQUAL(script->postings.size(), 2u);
  BOOST_TEST(sum(script->postings[1].lines).cents() == -5'00);
  BOOST_TEST(std::get<stripe_reversed>(script->postings[1].what).movement.id == "re_1");
}

BOOST_AUTO_TEST_CASE(a_question_that_fails_by_our_own_fault_is_asked_again) {
  script->is_intent_known = false;
  for (auto status : {401, 403, 400}) {
    auto taken = take("charge.dispute.created", disputed);
    answer(next_call(), status);
    BOOST_TEST((taken.code() == ec::unavailable), status);
  }
  BOOST_TEST(script->unmatched.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_matched_is_on_the_operators_list) {
  take("checkout.session.completed", R"({"id":"cs_1","payment_status":"paid","amount_total":100})")
    .get();
  BOOST_REQUIRE_EQUAL(script->unmatched.size(), 1u);
  BOOST_TEST(script->unmatched[0].event == "evt_1");
  BOOST_TEST(script->unmatched[0].session == "cs_1");
  BOOST_TEST(script->unmatched[0].reason == "it is about another amount than the payment's");
  auto text = prometheus::TextSerializer{}.Serialize(registry->Collect());
  BOOST_TEST(text.find("meisim_payments_unmatched 1") != std::string::npos, text);
  script->is_intent_known = false;
  auto taken = take("charge.dispute.created", disputed);
  answer(next_call(), 404);
  taken.get();
  BOOST_TEST(script->unmatched.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_intent_in_the_buyers_currency_is_credited_by_its_session) {
  auto taken = take("payment_intent.succeeded",
                    R"({"id":"pi_1","amount":9500,"amount_received":9500,"currency":"eur"})");
  auto question = next_call();
  BOOST_TEST(question.url == "http://stripe/v1/checkout/sessions?limit=1&payment_intent=pi_1");
  answer(question, 200,
         R"({"data":[{"id":"cs_1","payment_intent":"pi_1","payment_status":"paid",)"
         R"("currency":"eur","amount_total":9500,"currency_conversion":{"source_currency":"usd",)"
         R"("amount_total":10330}}]})");
  taken.get();
  BOOST_REQUIRE_EQUAL(script->postings.size(), 1u);
  BOOST_TEST(sum(script->postings[0].lines).cents() == 100'00);
  BOOST_TEST(script->unmatched.empty());
}

BOOST_AUTO_TEST_CASE(a_payment_that_is_replayed_follows_all_that_stripe_knows) {
  auto replayed = ask<replay_outcome>(system, sut, replay_payment{"cs_1"});
  settle();
  auto session = next_call();
  BOOST_TEST(session.url == "http://stripe/v1/checkout/sessions/cs_1");
  answer(session, 200,
         R"({"id":"cs_1","payment_intent":"pi_1","payment_status":"paid","amount_total":10330,)"
         R"("currency":"usd"})");
  answer(next_call(), 200,
         R"({"data":[{"id":"re_1","amount":500,"currency":"usd","status":"succeeded"}]})");
  answer(next_call(), 200,
         R"({"data":[{"id":"dp_1","balance_transactions":[)"
         R"({"id":"txn_1","amount":-9830,"fee":1500,"currency":"usd"}]}]})");
  BOOST_TEST(replayed.get().problem == "");
  money left;
  for (const auto& posting : script->postings)
    left += sum(posting.lines);
  BOOST_TEST(left.cents() == -15'00);
}

BOOST_AUTO_TEST_CASE(an_event_that_is_replayed_leaves_the_list) {
  auto replayed = ask<replay_outcome>(system, sut, replay_payment{"evt_9"});
  settle();
  auto question = next_call();
  BOOST_TEST(question.url == "http://stripe/v1/events/evt_9");
  answer(question, 200,
         R"({"id":"evt_9","type":"checkout.session.completed","data":{"object":)"
         R"({"id":"cs_1","payment_status":"paid"}}})");
  BOOST_TEST(replayed.get().problem == "");
  BOOST_TEST(script->postings.size() == 1u);
  BOOST_REQUIRE_EQUAL(script->settled.size(), 1u);
  BOOST_TEST(script->settled[0].event == "evt_9");
}

BOOST_AUTO_TEST_CASE(all_pages_of_stripes_list_are_read) {
  auto at = meisim::now();
  script->movements = {{"pi_1", "paid", money::from_cents(1), at}};
  auto held = ask<stripe_reconciliation>(system, sut, reconcile_stripe{at - 24h, at + 24h});
  settle();
  auto page = [&](const char* id, const char* intent, const char* more) {
    return R"({"data":[{"id":")" + std::string{id} + R"(","type":"charge","amount":1,"created":)"
           + std::to_string(micros(at) / 1'000'000) + R"(,"source":{"payment_intent":")" + intent
           + R"("}}],"has_more":)" + more + "}";
  };
  answer(next_call(), 200, page("txn_2", "pi_2", "true"));
  auto second = next_call();
  BOOST_TEST(second.url.ends_with("&starting_after=txn_2"), second.url);
  answer(second, 200, page("txn_1", "pi_1", "false"));
  auto result = held.get();
  BOOST_TEST(result.at_stripe == 2);
  BOOST_REQUIRE_EQUAL(result.missing_here.size(), 1u);
  BOOST_TEST(result.missing_here[0].id == "pi_2");
  BOOST_TEST(result.missing_at_stripe.empty());
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

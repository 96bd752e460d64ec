#include "tests/money/stripe_fixture.hpp"

// What events of Stripe do to wallets, and what is looked up before.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(stripe_events_suite, stripe_fixture)

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

BOOST_AUTO_TEST_CASE(an_answer_that_cannot_be_read_is_asked_for_again) {
  script->is_intent_known = false;
  auto taken = take("charge.dispute.created", disputed);
  answer(next_call(), 200, R"({"id":"pi_1","meta)");
  BOOST_TEST((taken.code() == ec::unavailable));
  BOOST_TEST(script->unmatched.empty());
}

BOOST_AUTO_TEST_CASE(more_refunds_than_one_answer_lists_are_the_operators) {
  auto charge = R"({"id":"ch_1","payment_intent":"pi_1","amount":10330,"amount_refunded":500})";
  auto taken = take("charge.refunded", charge);
  answer(
    next_call(), 200,
    R"({"has_more":true,"data":[{"id":"re_1","amount":5,"currency":"usd","status":"succeeded"}]})");
  taken.get();
  BOOST_REQUIRE_EQUAL(script->unmatched.size(), 1u);
  BOOST_TEST(script->unmatched[0].reason
             == "it was refunded or disputed more than a hundred times");
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

BOOST_AUTO_TEST_CASE(a_payment_of_ours_that_is_not_known_is_to_be_told_of_again) {
  script->is_payment_lost = true;
  auto event = R"({"id":"cs_1","payment_intent":"pi_1","payment_status":"paid",)"
               R"("amount_total":10330,"metadata":{"meisim_payment":")"
               + to_string(script->payment.id) + "\"}}";
  auto taken = take("checkout.session.completed", event);
  BOOST_TEST((taken.code() == ec::unavailable));
  BOOST_REQUIRE_EQUAL(script->unmatched.size(), 1u);
  BOOST_TEST(script->unmatched[0].session == "cs_1");
  BOOST_TEST(script->unmatched[0].intent == "pi_1");
  // An operator has found that it is another service's.
  script->is_settled = true;
  take("checkout.session.completed", event).get();
  BOOST_TEST(script->postings.empty());
}

BOOST_AUTO_TEST_CASE(a_refund_of_a_lost_payment_is_to_be_told_of_again) {
  script->is_payment_lost = true;
  auto taken = take("charge.dispute.created", disputed);
  answer(next_call(), 200,
         R"({"id":"pi_1","metadata":{"meisim_payment":")" + to_string(script->payment.id) + "\"}}");
  BOOST_TEST((taken.code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(what_another_installation_has_made_on_the_same_account_is_its_own_to_book) {
  script->is_payment_lost = true;
  auto metadata = [&](const char* installation) {
    return R"("metadata":{"meisim_payment":")" + to_string(script->payment.id)
           + R"(","meisim_installation":")" + installation + R"("}})";
  };
  auto paid = [&](const char* installation) {
    return R"({"id":"cs_1","payment_intent":"pi_1","payment_status":"paid",)"
           R"("amount_total":10330,)"
           + metadata(installation);
  };
  // Stripe need not send it again, and no operator has to look at it.
  take("checkout.session.completed", paid("elsewhere")).get();
  BOOST_TEST(script->unmatched.empty());
  // A dispute tells its intent alone.
  auto taken = take("charge.dispute.created", disputed);
  answer(next_call(), 200, R"({"id":"pi_1",)" + metadata("elsewhere"));
  taken.get();
  BOOST_TEST(script->unmatched.empty());
  BOOST_TEST(script->postings.empty());
  auto text = prometheus::TextSerializer{}.Serialize(registry->Collect());
  BOOST_TEST(text.find(R"(outcome="elsewhere",type="charge.dispute.created"} 1)")
               != std::string::npos,
             text);
  // One of ours that the database has lost is asked for again.
  BOOST_TEST((take("checkout.session.completed", paid("here")).code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(another_systems_reference_is_none_of_ours) {
  script->is_payment_lost = true;
  take("checkout.session.completed", R"({"id":"cs_1","payment_status":"paid","amount_total":100,)"
                                     R"("client_reference_id":")"
                                       + to_string(make_uuid()) + "\"}")
    .get();
  BOOST_TEST(script->unmatched.size() == 1u);
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

BOOST_AUTO_TEST_CASE(an_event_over_another_amount_credits_nothing) {
  take("checkout.session.completed", R"({"id":"cs_1","payment_status":"paid","amount_total":100})")
    .get();
  BOOST_TEST(script->postings.empty());
}

BOOST_AUTO_TEST_SUITE_END()

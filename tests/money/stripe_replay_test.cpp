#include "tests/money/stripe_fixture.hpp"

// Payments and events that an operator has done once more, and the comparison with Stripe.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(stripe_replay_suite, stripe_fixture)

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

BOOST_AUTO_TEST_CASE(an_event_that_moves_no_money_stays_on_the_list) {
  auto replayed = ask<replay_outcome>(system, sut, replay_payment{"evt_9"});
  settle();
  answer(next_call(), 200,
         R"({"id":"evt_9","type":"customer.created","data":{"object":{"id":"cus_1"}}})");
  BOOST_TEST(replayed.get().problem == "it does not tell of money that moved");
  BOOST_TEST(script->settled.empty());
}

BOOST_AUTO_TEST_CASE(a_lost_payment_is_written_down_anew_and_booked) {
  auto lost = script->payment;
  script->is_payment_lost = true;
  auto replayed = ask<replay_outcome>(system, sut, replay_payment{"pi_1"});
  settle();
  auto intent = next_call();
  BOOST_TEST(intent.url == "http://stripe/v1/payment_intents/pi_1");
  answer(intent, 200,
         R"({"id":"pi_1","status":"succeeded","amount_received":10330,"currency":"usd",)"
         R"("metadata":{"meisim_payment":")"
           + to_string(lost.id) + R"(","meisim_dealer":")" + to_string(lost.dealer)
           + R"(","meisim_net_cents":"10000"}})");
  const auto session = R"({"id":"cs_1","payment_intent":"pi_1","payment_status":"paid",)"
                       R"("amount_total":10330,"currency":"usd"})";
  answer(next_call(), 200, R"({"data":[)" + std::string{session} + "]}");
  BOOST_REQUIRE_EQUAL(script->recalled.size(), 1u);
  const auto& known = script->recalled[0].what;
  BOOST_TEST((known.id == lost.id && known.dealer == lost.dealer));
  BOOST_TEST((known.kind == payment_kind::session));
  BOOST_TEST(known.reference == "cs_1");
  BOOST_TEST(known.intent == "pi_1");
  BOOST_TEST(known.net.cents() == 100'00);
  BOOST_TEST(known.gross.cents() == 103'30);
  answer(next_call(), 200, session);
  answer(next_call(), 200, R"({"data":[]})");
  answer(next_call(), 200, R"({"data":[]})");
  BOOST_TEST(replayed.get().problem == "");
  BOOST_REQUIRE_EQUAL(script->postings.size(), 1u);
  BOOST_TEST(sum(script->postings[0].lines).cents() == 100'00);
}

BOOST_AUTO_TEST_CASE(what_does_not_tell_whose_it_is_is_not_booked) {
  script->is_payment_lost = true;
  auto replayed = ask<replay_outcome>(system, sut, replay_payment{"pi_1"});
  settle();
  answer(next_call(), 200,
         R"({"id":"pi_1","status":"succeeded","amount_received":10330,"currency":"usd",)"
         R"("metadata":{"meisim_payment":")"
           + to_string(script->payment.id) + "\"}}");
  BOOST_TEST(replayed.get().problem == "its metadata do not tell what it was for");
  BOOST_TEST(script->recalled.empty());
}

BOOST_AUTO_TEST_CASE(a_payment_of_another_installation_is_never_written_down_as_ours) {
  script->is_payment_lost = true;
  auto replayed = ask<replay_outcome>(system, sut, replay_payment{"pi_1"});
  settle();
  answer(next_call(), 200,
         R"({"id":"pi_1","status":"succeeded","amount_received":10330,"currency":"usd",)"
         R"("metadata":{"meisim_payment":")"
           + to_string(script->payment.id) + R"(","meisim_dealer":")"
           + to_string(script->payment.dealer)
           + R"(","meisim_net_cents":"10000","meisim_installation":"elsewhere"}})");
  BOOST_TEST(replayed.get().problem == "another installation of this service has made it");
  BOOST_TEST(script->recalled.empty());
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

BOOST_AUTO_TEST_SUITE_END()

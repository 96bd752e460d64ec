#include "tests/fixtures/comes_true.hpp"
#include "tests/money/stripe_service.hpp"

// What becomes of card payments that were credited, over real HTTP: refunds, disputes, and what an
// operator does.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

std::string session_event(const std::string& id, const std::string& status = "paid") {
  return R"({"id":"evt_x","type":"checkout.session.completed","data":{"object":{"id":")" + id
         + R"(","object":"checkout.session","payment_status":")" + status + R"("}}})";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(stripe_movements_api_suite, stripe_service)

BOOST_AUTO_TEST_CASE(refunds_take_their_part_once) {
  auto id = session();
  stripe("pay/" + id);
  stripe("refund/" + id, R"({"amount":3000})");
  wait_for_delivery();
  BOOST_TEST(balance() == 70);
  stripe("refund/" + id);
  wait_for_delivery();
  BOOST_TEST(balance() == 0);
  for (const auto& event : events())
    BOOST_TEST(signed_webhook(event["body"].asString()).status == 200);
  BOOST_TEST(balance() == 0);
  BOOST_TEST(wallet()["transactions"][0]["type"].asString() == "debit");
  BOOST_TEST(wallet()["transactions"][0]["stripe_session_id"].asString() == id);
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_dispute_takes_and_may_give_back) {
  auto id = session();
  stripe("pay/" + id);
  wait_for_delivery();
  stripe("dispute/" + id);
  wait_for_delivery();
  BOOST_TEST(balance() == 0);
  stripe("reinstate/" + id);
  stripe("dispute/" + id);
  wait_for_delivery();
  BOOST_TEST(balance() == 100);
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(money_that_is_withdrawn_again_is_taken_again) {
  auto id = session();
  stripe("pay/" + id);
  stripe("dispute/" + id, R"({"fee":1500})");
  stripe("reinstate/" + id);
  wait_for_delivery();
  BOOST_TEST(balance() == 85);
  stripe("withdraw/" + id);
  wait_for_delivery();
  BOOST_TEST(balance() == -15);
  for (const auto& event : events())
    BOOST_TEST(signed_webhook(event["body"].asString()).status == 200);
  BOOST_TEST(balance() == -15);
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_refund_that_failed_comes_back_and_a_second_one_takes_its_amount) {
  auto id = session();
  stripe("pay/" + id);
  auto refund = stripe("refund/" + id, R"({"amount":3000})")["id"].asString();
  wait_for_delivery();
  BOOST_TEST(balance() == 70);
  stripe("fail-refund/" + refund);
  wait_for_delivery();
  BOOST_TEST(balance() == 100);
  stripe("refund/" + id, R"({"amount":3000})");
  wait_for_delivery();
  BOOST_TEST(balance() == 70);
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_session_paid_in_the_buyers_currency_is_credited) {
  auto id = session();
  stripe("pay/" + id, R"({"currency":"eur","amount":9500})");
  wait_for_delivery();
  BOOST_TEST(balance() == 100);
  BOOST_TEST(admin_get("/admin/v1/stripe/unmatched").json().empty());
}

BOOST_AUTO_TEST_CASE(a_refund_whose_sum_is_all_that_is_told_takes_it) {
  auto id = session();
  auto intent = stripe("pay/" + id)["payment_intent"].asString();
  wait_for_delivery();
  auto charge = [&](const char* refunded) {
    return R"({"id":"evt_1","type":"charge.refunded","data":{"object":{"id":"ch_x",)"
           R"("payment_intent":")"
           + intent + R"(","amount":10330,"amount_refunded":)" + refunded + "}}}";
  };
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(signed_webhook(charge("3000")).status == 200);
  BOOST_TEST(balance() == 70);
  BOOST_TEST(signed_webhook(charge("10330")).status == 200);
  BOOST_TEST(signed_webhook(charge("3000")).status == 200);
  BOOST_TEST(balance() == 0);
}

BOOST_AUTO_TEST_CASE(operators_see_what_waits_and_do_it_again) {
  // Nothing is delivered while there is no receiver.
  stripe("webhook", R"({"url":""})");
  auto id = session();
  stripe("pay/" + id);
  auto today = rfc3339(now()).substr(0, 10);
  auto reconciled = [&] {
    return admin_get("/admin/v1/stripe/reconciliation?from=" + today + "&to=" + today).json();
  };
  auto held = reconciled();
  BOOST_TEST(!held["ok"].asBool());
  BOOST_TEST(held["missing_here"].size() == 1u);
  auto replayed = admin_post("/admin/v1/payments/" + id + "/replay", "{}");
  BOOST_TEST(replayed.json()["ok"].asBool(), replayed.body);
  BOOST_TEST(balance() == 100);
  held = reconciled();
  BOOST_TEST(held["ok"].asBool());
  BOOST_TEST(held["at_stripe"].asInt() == 1);
  BOOST_TEST(held["here"].asInt() == 1);
  auto shown = admin_get("/admin/v1/payments/" + id).json();
  BOOST_TEST(shown["credited"].asBool());
  BOOST_TEST(shown["postings"].size() == 1u);
  BOOST_TEST(admin_get("/admin/v1/payments").json().size() == 1u);
  BOOST_TEST(admin_get("/admin/v1/payments/cs_none").status == 404);
  BOOST_TEST(admin_get("/admin/v1/stripe/reconciliation?from=today&to=tomorrow").status == 400);
  BOOST_TEST(signed_webhook(session_event("cs_never_made")).status == 200);
  auto waiting = admin_get("/admin/v1/stripe/unmatched").json();
  BOOST_REQUIRE_EQUAL(waiting.size(), 1u);
  BOOST_TEST(waiting[0]["event"].asString() == "evt_x");
  auto settled = [&] {
    return admin_post("/admin/v1/stripe/unmatched/evt_x/settle", R"({"reason":"not ours"})").status;
  };
  BOOST_TEST(settled() == 200);
  BOOST_TEST(settled() == 404);
  BOOST_TEST(admin_get("/admin/v1/stripe/unmatched").json().empty());
}

BOOST_AUTO_TEST_CASE(a_payment_that_the_database_has_lost_is_booked_from_what_stripe_knows) {
  auto id = session();
  database{database_connection(), "test"}.session() << "DELETE FROM stripe_payments";
  stripe("pay/" + id);
  const std::string unmatched = "/admin/v1/stripe/unmatched";
  BOOST_REQUIRE(comes_true([&] { return !admin_get(unmatched).json().empty(); }));
  BOOST_TEST(balance() == 0);
  auto replayed = admin_post("/admin/v1/payments/" + id + "/replay", "{}");
  BOOST_TEST(replayed.json()["ok"].asBool(), replayed.body);
  BOOST_TEST(balance() == 100);
  // Stripe has not been told that it is done, and tells of it again.
  stripe("webhook", R"({"url":")" + public_url() + R"(/stripe/webhook"})");
  wait_for_delivery();
  BOOST_TEST(balance() == 100);
  BOOST_TEST(comes_true([&] { return admin_get(unmatched).json().empty(); }));
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(events_may_arrive_in_any_order) {
  // Nothing is delivered while there is no receiver.
  stripe("webhook", R"({"url":""})");
  auto id = session();
  stripe("pay/" + id);
  stripe("refund/" + id, R"({"amount":3000})");
  stripe("dispute/" + id);
  stripe("reinstate/" + id);
  auto known = events();
  for (auto i = known.size(); i-- > 0;)
    BOOST_TEST(signed_webhook(known[i]["body"].asString()).status == 200);
  BOOST_TEST(balance() == 70);
  stripe("webhook", R"({"url":")" + public_url() + R"(/stripe/webhook"})");
  wait_for_delivery();
  BOOST_TEST(balance() == 70);
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(below_zero_only_top_ups_pass) {
  auto id = session();
  stripe("pay/" + id);
  wait_for_delivery();
  auto order =
    R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com","customerName":"E"})";
  auto bought = start("/dealer/order", order);
  BOOST_REQUIRE_EQUAL(bought.status, 200);
  auto spent = 100 - bought.json()["newBalance"].asDouble();
  stripe("dispute/" + id);
  wait_for_delivery();
  BOOST_TEST(balance() == -spent);
  auto refused = start("/dealer/order", order);
  BOOST_TEST(refused.status == 402);
  BOOST_TEST(refused.json()["balance"].asDouble() == -spent);
  stripe("pay/" + session("50"));
  wait_for_delivery();
  BOOST_TEST(balance() == 50 - spent);
  BOOST_TEST(start("/dealer/order", order).status == 200);
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()

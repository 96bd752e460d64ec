#include "tests/money/stripe_service.hpp"

// Card payments over real HTTP: how they begin, and how they are credited.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

std::string session_event(const std::string& id, const std::string& status = "paid") {
  return R"({"id":"evt_x","type":"checkout.session.completed","data":{"object":{"id":")" + id
         + R"(","object":"checkout.session","payment_status":")" + status + R"("}}})";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(stripe_api_suite, stripe_service)

BOOST_AUTO_TEST_CASE(the_preview_shows_what_the_card_pays) {
  auto shown = get("/dealer/topup/preview?net=100", {dealer.key_header});
  BOOST_TEST(shown.status == 200);
  BOOST_TEST(shown.body == R"({"ok":true,"net":100.00,"gross":103.30,"fee":3.30})");
  shown = get("/dealer/topup/preview?net=50.25", {dealer.key_header});
  BOOST_TEST(shown.body == R"({"ok":true,"net":50.25,"gross":52.06,"fee":1.81})");
  for (auto wrong : {"", "?net=", "?net=49.99", "?net=10000.01", "?net=abc", "?net=100.001",
                     "?net=-100", "?net=1e3", "?net=NaN", "?amount=100"}) {
    auto refused = get("/dealer/topup/preview" + std::string{wrong}, {dealer.key_header});
    BOOST_TEST(refused.status == 400, wrong);
    BOOST_TEST(refused.json()["error"].asString() == "Invalid request");
  }
  BOOST_TEST(get("/dealer/topup/preview?net=100").status == 401);
}

BOOST_AUTO_TEST_CASE(a_session_and_an_intent_answer_as_documented) {
  auto session = start("/dealer/topup", R"({"amountUsd":100})");
  BOOST_TEST(session.status == 200);
  auto body = session.json();
  BOOST_TEST(body["ok"].asBool());
  BOOST_TEST(body["checkoutUrl"].asString().starts_with(sandbox_url() + "/checkout/cs_"));
  BOOST_TEST(session.body.find(R"("netAmt":100.00,"grossAmt":103.30,"fee":3.30})")
             != std::string::npos);
  auto page = call({"GET", body["checkoutUrl"].asString(), {}, {}});
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.body.find("$103.30") != std::string::npos);
  auto intent = start("/dealer/topup-intent", R"({"amountUsd":75.5})");
  BOOST_TEST(intent.status == 200);
  BOOST_TEST(intent.json()["clientSecret"].asString().starts_with("pi_"));
  BOOST_TEST(intent.json()["publishableKey"].isString());
  BOOST_TEST(intent.body.find(R"("netAmt":75.50,"grossAmt":78.07,"fee":2.57})")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_wishes_are_refused_and_start_nothing) {
  for (auto path : {"/dealer/topup", "/dealer/topup-intent"}) {
    for (auto amount : {"49.99", "10000.01", "0", "-100", "100.001", "\"100\"", "true", "null",
                        "[100]", "{}", "1e9", "1e300"}) {
      auto refused = start(path, R"({"amountUsd":)" + std::string{amount} + "}");
      BOOST_TEST(refused.status == 400, path << " " << amount);
      BOOST_TEST(refused.json()["error"].asString() == "Invalid request");
      BOOST_TEST(refused.json()["message"].asString().starts_with("amountUsd "));
    }
    for (auto amount : {"49.99", "10000.01"})
      BOOST_TEST(
        start(path, R"({"amountUsd":)" + std::string{amount} + "}").json()["message"].asString()
        == "amountUsd must be between 50 and 10000");
    for (auto body : {"", "{", "[]", "{}", R"({"amountUsd":100,"currency":"eur"})"})
      BOOST_TEST(start(path, body).status == 400, path << " " << body);
    BOOST_TEST(start(path, R"({"amountUsd":100})", {"Idempotency-Key: a b"}).status == 400);
    BOOST_TEST(post(path, R"({"amountUsd":100})").status == 401);
    auto pending = add_dealer("0", "pending");
    BOOST_TEST(post(path, R"({"amountUsd":100})", {pending.key_header}).status == 403);
    BOOST_TEST(call({"POST", public_url() + path, {dealer.key_header}, "amountUsd=100"}).status
               == 415);
  }
  database db{database_connection(), "test"};
  int begun = 0;
  db.session() << "SELECT count(*) FROM stripe_payments", soci::into(begun);
  BOOST_TEST(begun == 0);
  BOOST_TEST(start("/dealer/topup", R"({"amountUsd":50})").status == 200);
  BOOST_TEST(start("/dealer/topup", R"({"amountUsd":10000.00})").status == 200);
}

BOOST_AUTO_TEST_CASE(a_key_gets_the_first_answer_again) {
  for (std::string path : {"/dealer/topup", "/dealer/topup-intent"}) {
    auto key = "Idempotency-Key: key-" + path.substr(8);
    auto first = start(path, R"({"amountUsd":100})", {key});
    BOOST_TEST(!first.headers.contains("idempotent-replayed"));
    auto again = start(path, R"({"amountUsd":100})", {key});
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.headers["idempotent-replayed"] == "true");
    BOOST_TEST(start(path, R"({"amountUsd":101})", {key}).status == 409);
    restart(9);
    again = start(path, R"({"amountUsd":100})", {key});
    BOOST_TEST(again.body == first.body);
    BOOST_TEST(again.headers["idempotent-replayed"] == "true");
    // Another dealer's key is another key.
    auto other = add_dealer("0");
    auto theirs = post(path, R"({"amountUsd":100})", {other.key_header, key});
    BOOST_TEST(theirs.status == 200);
    BOOST_TEST(theirs.body != first.body);
  }
  auto order =
    R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com","customerName":"E"})";
  BOOST_TEST(start("/dealer/order", order, {"Idempotency-Key: key-topup"}).status == 409);
}

BOOST_AUTO_TEST_CASE(a_payment_that_arrives_three_times_is_credited_once) {
  auto id = session();
  for (int i = 0; i < 3; ++i)
    stripe("pay/" + id);
  wait_for_delivery();
  auto shown = wallet();
  BOOST_TEST(shown["balance"].asDouble() == 100);
  BOOST_REQUIRE_EQUAL(shown["transactions"].size(), 1u);
  BOOST_TEST(shown["transactions"][0]["type"].asString() == "topup");
  BOOST_TEST(shown["transactions"][0]["stripe_session_id"].asString() == id);
  auto statement = get("/dealer/statement", {dealer.key_header}).body;
  BOOST_TEST(statement.find("," + id + "\r\n") != std::string::npos);
  auto text = event_text("checkout.session.completed");
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(signed_webhook(text).status == 200);
  BOOST_TEST(signed_webhook(session_event(id)).status == 200);
  restart(15);
  BOOST_TEST(signed_webhook(text).status == 200);
  BOOST_TEST(balance() == 100);
  BOOST_TEST(is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(an_intent_is_credited_once) {
  auto started = start("/dealer/topup-intent", R"({"amountUsd":60})");
  auto secret = started.json()["clientSecret"].asString();
  auto id = secret.substr(0, secret.find("_secret_"));
  stripe("pay/" + id);
  stripe("pay/" + id);
  wait_for_delivery();
  BOOST_TEST(balance() == 60);
  BOOST_TEST(wallet()["transactions"][0]["stripe_session_id"].asString() == id);
}

BOOST_AUTO_TEST_CASE(forged_stale_and_foreign_events_credit_nothing) {
  auto id = session();
  auto body = session_event(id);
  auto good = sign_payload(body, stripe_webhook_secret, now());
  BOOST_TEST(webhook(body, sign_payload(body, "whsec_wrong", now())).status == 400);
  BOOST_TEST(webhook(body, sign_payload(body, stripe_webhook_secret, now() - 301s)).status == 400);
  BOOST_TEST(webhook(body, "").status == 400);
  BOOST_TEST(webhook(body, "t=1").status == 400);
  BOOST_TEST(webhook(body + " ", good).status == 400);
  BOOST_TEST(webhook(session_event("cs_other"), good).status == 400);
  auto refused = post("/stripe/webhook", body);
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(refused.json()["error"].asString() == "Invalid request");
  for (auto no_event : {"", "x", "{}", "[]", R"({"type":"x"})"})
    BOOST_TEST(signed_webhook(no_event).status == 400, no_event);
  // Signed, but nothing to us.
  BOOST_TEST(signed_webhook(session_event("cs_never_made")).status == 200);
  BOOST_TEST(signed_webhook(session_event(id, "unpaid")).status == 200);
  BOOST_TEST(
    signed_webhook(R"({"id":"evt_1","type":"customer.created","data":{"object":{}}})").status
    == 200);
  for (auto type : {"charge.refunded", "charge.dispute.created"})
    BOOST_TEST(signed_webhook(R"({"id":"evt_1","type":")" + std::string{type}
                              + R"(","data":{"object":{"id":"dp_1","payment_intent":"pi_never",)"
                                R"("amount":1000,"amount_refunded":1000}}})")
                 .status
               == 200);
  BOOST_TEST(balance() == 0);
  // Several signatures, as while a secret is changed: one has to fit.
  auto comma = good.find(',');
  auto several = good.substr(0, comma) + ",v1=" + std::string(64, '0') + good.substr(comma);
  BOOST_TEST(webhook(body, several).status == 200);
  BOOST_TEST(balance() == 100);
}

BOOST_AUTO_TEST_CASE(a_payment_has_a_receipt_once_it_is_paid) {
  auto paid = session();
  auto path = "/dealer/receipts/" + paid + ".pdf";
  BOOST_TEST(get(path, {dealer.key_header}).status == 409);
  stripe("pay/" + paid);
  wait_for_delivery();
  auto receipt = get(path, {dealer.key_header});
  BOOST_TEST(receipt.headers["content-type"] == "application/pdf");
  BOOST_TEST(receipt.body.starts_with("%PDF-"));
  BOOST_TEST(get("/dealer/receipts/" + paid, {dealer.key_header}).status == 404);
  auto entry = get("/dealer/transactions?type=topup", {dealer.key_header}).json()["data"][0];
  BOOST_TEST(entry["receipt_url"].asString() == path);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_documented_limits_hold) {
  stripe_service limited{std::vector<std::string>{}};
  for (auto [path, most] : {std::pair{"/dealer/topup", 5}, std::pair{"/dealer/topup-intent", 10}}) {
    for (int i = 0; i < most; ++i)
      BOOST_TEST(limited.start(path, R"({"amountUsd":100})").status == 200);
    auto refused = limited.start(path, R"({"amountUsd":100})");
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.headers["ratelimit-limit"] == std::to_string(most));
    BOOST_TEST(refused.headers.contains("retry-after"));
  }
}

BOOST_AUTO_TEST_CASE(a_stripe_that_is_away_costs_503) {
  stripe_service lonely{{"--rate-limits", "off", "--stripe-url", "http://127.0.0.1:9"}};
  auto refused = lonely.start("/dealer/topup", R"({"amountUsd":100})", {"Idempotency-Key: one"});
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.headers.contains("retry-after"));
  BOOST_TEST(refused.json()["error"].asString() == "Service unavailable");
}

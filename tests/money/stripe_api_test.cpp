#include "protocols/base/crypto.hpp"
#include "protocols/money/stripe_signature.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>

// Card payments over real HTTP, against the sandbox's Stripe.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : service {
  account dealer = add_dealer("0");

  using service::service;

  web_reply start(const std::string& path, const std::string& body,
                  std::vector<std::string> headers = {}) const {
    headers.push_back(dealer.key_header);
    return post(path, body, std::move(headers));
  }

  /// Begins a Checkout session over this amount; its id.
  std::string session(const std::string& amount = "100") const {
    auto started = start("/dealer/topup", R"({"amountUsd":)" + amount + "}");
    BOOST_REQUIRE_EQUAL(started.status, 200);
    auto url = started.json()["checkoutUrl"].asString();
    return url.substr(url.rfind('/') + 1);
  }

  /// Makes the sandbox's Stripe do something.
  Json::Value stripe(const std::string& what, const std::string& body = "") const {
    auto answer = call({"POST", sandbox_url() + "/test/stripe/" + what, {}, body});
    BOOST_REQUIRE_MESSAGE(answer.status == 200, what << ": " << answer.body);
    return answer.json();
  }

  Json::Value events() const {
    return call({"GET", sandbox_url() + "/test/stripe/events", {}, {}}).json()["events"];
  }

  /// Waits until the sandbox has delivered all its events.
  void wait_for_delivery() const {
    for (int i = 0; i < 300; ++i) {
      bool is_done = true;
      for (const auto& event : events())
        is_done = is_done && event["delivered"].asBool();
      if (is_done)
        return;
      std::this_thread::sleep_for(100ms);
    }
    BOOST_FAIL("events stay: " << events().toStyledString());
  }

  web_reply webhook(const std::string& body, const std::string& signature) const {
    return post("/stripe/webhook", body, {"Stripe-Signature: " + signature});
  }

  web_reply signed_webhook(const std::string& body) const {
    return webhook(body, sign_payload(body, stripe_webhook_secret, now()));
  }

  /// The text of the first event of this type.
  std::string event_text(const std::string& type) const {
    for (const auto& event : events())
      if (event["type"].asString() == type)
        return event["body"].asString();
    BOOST_FAIL("no event " << type);
    return {};
  }

  Json::Value wallet() const {
    return get("/dealer/wallet", {dealer.key_header}).json();
  }

  double balance() const {
    return wallet()["balance"].asDouble();
  }
};

std::string session_event(const std::string& id, const std::string& status = "paid") {
  return R"({"id":"evt_x","type":"checkout.session.completed","data":{"object":{"id":")" + id
         + R"(","object":"checkout.session","payment_status":")" + status + R"("}}})";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(stripe_api_suite, fixture)

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

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_documented_limits_hold) {
  fixture limited{std::vector<std::string>{}};
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
  fixture lonely{{"--rate-limits", "off", "--stripe-url", "http://127.0.0.1:9"}};
  auto refused = lonely.start("/dealer/topup", R"({"amountUsd":100})", {"Idempotency-Key: one"});
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.headers.contains("retry-after"));
  BOOST_TEST(refused.json()["error"].asString() == "Service unavailable");
}

#include "protocols/notify/webhook.hpp"
#include "tests/fixtures/service.hpp"
#include "tests/fixtures/webhook_receiver.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <sstream>
#include <thread>

// Webhooks over real HTTP, with a receiver that checks them by somebody else's package.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct open_service : service {
  open_service() : service({"--rate-limits", "off", "--webhook-any-address"}) {
    // nop
  }

  webhook_receiver there;
  account dealer = add_dealer("100");

  web_reply add(const std::string& path, const std::string& more = R"("events":["*"])") {
    return post("/dealer/webhooks", R"({"url":")" + there.url(path) + R"(",)" + more + "}",
                {dealer.key_header});
  }

  Json::Value listed() const {
    return get("/dealer/webhooks", {dealer.key_header}).json()["webhooks"];
  }

  void pay_in(const std::string& amount) const {
    auto path = "/admin/v1/dealers/" + dealer.email + "/adjustments";
    BOOST_REQUIRE_EQUAL(
      admin_post(path, R"({"amount":")" + amount + R"(","reason":"test"})").status, 200);
  }

  std::string order(const std::string& product) const {
    auto ordered = post("/dealer/order",
                        R"({"productId":")" + product
                          + R"(","customerEmail":"end@example.com","customerName":"Jane Doe"})",
                        {dealer.key_header});
    BOOST_REQUIRE_EQUAL(ordered.status, 200);
    return ordered.json()["orderId"].asString();
  }
};

/// With the settings of a public service.
struct strict_service : service {
  account dealer = add_dealer("100");

  web_reply add(const std::string& body) const {
    return post("/dealer/webhooks", body, {dealer.key_header});
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(webhook_api)

BOOST_FIXTURE_TEST_CASE(a_webhook_is_made_shown_changed_and_removed, open_service) {
  auto made = add("/hook", R"("events":["order.failed","order.completed","order.failed"],)"
                           R"("low_balance_usd":12.5)");
  BOOST_REQUIRE_EQUAL(made.status, 200);
  auto body = made.json();
  BOOST_TEST(body["ok"].asBool());
  BOOST_TEST(body["secret"].asString().starts_with("whsec_"));
  BOOST_TEST(body["url"].asString() == there.url("/hook"));
  BOOST_TEST(body["events"].size() == 2u);
  BOOST_TEST(made.body.find(R"("low_balance_usd":12.50)") != std::string::npos);
  BOOST_TEST(!body["disabled"].asBool());
  auto shown = get("/dealer/webhooks", {dealer.key_header});
  BOOST_TEST(shown.body.find("whsec_") == std::string::npos);
  BOOST_REQUIRE_EQUAL(shown.json()["webhooks"].size(), 1u);
  auto path = "/dealer/webhooks/" + body["id"].asString();
  BOOST_TEST(get(path, {dealer.key_header}).json()["id"].asString() == body["id"].asString());
  auto changed = post(path, R"({"disabled":true,"events":["*"]})", {dealer.key_header});
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(changed.json()["disabled"].asBool());
  BOOST_TEST(changed.json()["events"].size() == webhook_events.size());
  auto other = add_dealer("0");
  BOOST_TEST(get("/dealer/webhooks", {other.key_header}).json()["webhooks"].empty());
  for (const auto& wrong : {path, std::string{"/dealer/webhooks/none"}}) {
    BOOST_TEST(get(wrong, {other.key_header}).status == 404);
    BOOST_TEST(post(wrong, R"({"disabled":false})", {other.key_header}).status == 404);
    BOOST_TEST(remove(wrong, {other.key_header}).status == 404);
  }
  BOOST_TEST(get("/dealer/webhooks").status == 401);
  BOOST_TEST(remove(path, {dealer.key_header}).status == 200);
  BOOST_TEST(remove(path, {dealer.key_header}).status == 404);
  BOOST_TEST(listed().empty());
}

BOOST_FIXTURE_TEST_CASE(an_order_is_followed_from_its_request_to_the_webhook, open_service) {
  auto made = add("/hook").json();
  there.expect_secret(made["secret"].asString());
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  auto ordered =
    post("/dealer/order",
         R"({"productId":"p3:data-us-5gb","customerEmail":"end@example.com","customerName":"J"})",
         {dealer.key_header, "X-Request-Id: traced-1", "traceparent: " + trace});
  BOOST_REQUIRE_EQUAL(ordered.status, 200);
  BOOST_REQUIRE(comes_true([&] { return there.events("order.completed").size() == 1; }));
  auto told = there.events("order.completed").front();
  BOOST_TEST(told["trace"].asString() == trace);
  BOOST_TEST(told["genuine"].asBool());
  auto path = "/admin/v1/orders/" + ordered.json()["orderId"].asString();
  auto has = [&](const std::string& what, const std::string& detail, const std::string& request) {
    auto shown = admin_get(path).json();
    for (const auto& line : shown["timeline"])
      if (line["what"].asString() == what
          && line["detail"].asString().find(detail) != std::string::npos
          && line["requestId"].asString() == request)
        return true;
    return false;
  };
  BOOST_TEST(has("placed", "p3:data-us-5gb", "traced-1"));
  BOOST_TEST(comes_true([&] {
    return has("webhook order.completed", "delivered, status 200, " + there.url("/hook"), "");
  }));
}

BOOST_FIXTURE_TEST_CASE(what_makes_no_webhook_is_refused, open_service) {
  for (const auto* more :
       {R"("events":[])", R"("events":["order.lost"])", R"("events":"*")", R"("events":[1])",
        R"("events":null)", R"("event":["*"])", R"("events":["*"],"low_balance_usd":-1)",
        R"("events":["*"],"low_balance_usd":1.001)", R"("events":["*"],"secret":"whsec_a")"}) {
    auto refused = add("/hook", more);
    BOOST_TEST(refused.status == 400, more);
    BOOST_TEST(refused.json()["error"].asString() == "Invalid request");
  }
  BOOST_TEST(post("/dealer/webhooks", R"({"events":["*"]})", {dealer.key_header}).status == 400);
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(add("/hook").status == 200);
  BOOST_TEST(add("/hook").status == 409);
}

BOOST_FIXTURE_TEST_CASE(private_addresses_are_refused, strict_service) {
  for (const auto* url : {"http://example.com/hook", "https://127.0.0.1/hook", "https://localhost/",
                          "https://[::1]/", "https://169.254.169.254/latest", "https://10.0.0.1/"})
    BOOST_TEST(add(R"({"url":")" + std::string{url} + R"(","events":["*"]})").status == 400, url);
  BOOST_TEST(add(R"({"url":"https://example.com/hook","events":["*"]})").status == 200);
}

BOOST_FIXTURE_TEST_CASE(a_name_that_stands_for_a_private_address_is_not_called, strict_service) {
  webhook_receiver there;
  auto made = add(R"({"url":"https://example.com/hook","events":["*"]})").json();
  // As if the name stood for another address by now.
  database db{database_connection(), "test"};
  std::string url = "http://localhost:" + there.port + "/hook";
  db.session() << "UPDATE webhooks SET url = :url", soci::use(url);
  auto path = "/admin/v1/dealers/" + dealer.email + "/adjustments";
  admin_post(path, R"({"amount":"+5","reason":"test"})");
  auto shown = [&] {
    return get("/dealer/webhooks", {dealer.key_header}).json()["webhooks"][0]["last_error"];
  };
  BOOST_TEST(comes_true([&] { return !shown().isNull(); }));
  BOOST_TEST(shown().asString() == "the address is not a public one");
  BOOST_TEST(there.calls().empty());
}

BOOST_FIXTURE_TEST_CASE(dealers_are_told_of_what_happens, open_service) {
  there.expect_secret(
    add("/hook", R"("events":["*"],"low_balance_usd":199)").json()["secret"].asString());
  pay_in("+100");
  auto completed = order("p3:data-us-5gb");
  auto failed = order("p3:sandbox-reject");
  BOOST_TEST(final_status(dealer, completed) == "completed");
  BOOST_TEST(final_status(dealer, failed) == "failed");
  BOOST_TEST(comes_true([&] {
    return there.events("order.completed").size() == 1 && there.events("order.failed").size() == 1
           && there.events("wallet.credited").size() >= 2
           && !there.events("wallet.low_balance").empty();
  }));
  for (const auto& call : there.calls()) {
    BOOST_TEST(call["genuine"].asBool());
    BOOST_TEST(call["method"].asString() == "POST");
    BOOST_TEST(call["type"].asString() == "application/json");
    BOOST_TEST(call["id"].asString().starts_with("msg_"));
  }
  BOOST_TEST(there.events("order.completed")[0]["body"]["data"]["id"].asString() == completed);
  BOOST_TEST(there.events("order.failed")[0]["body"]["data"]["id"].asString() == failed);
  // The money in, and the refund.
  BOOST_TEST(there.events("wallet.credited")[0]["body"]["data"]["amount_usd"].asDouble() == 100.0);
  BOOST_TEST(comes_true([&] { return !listed()[0]["last_success_at"].isNull(); }));
  BOOST_TEST(is_ledger_ok());
}

struct service_with_devices : service {
  service_with_devices()
    : service({"--rate-limits", "off", "--webhook-any-address", "--simulated-devices", "2",
               "--simulated-latency-ms", "10"}) {
    // nop
  }

  webhook_receiver there;
  account dealer = add_dealer("3000");

  /// From now on the receiver gets all events of this type.
  void listen(const std::string& event) const {
    auto made = post("/dealer/webhooks",
                     R"({"url":")" + there.url("/hook") + R"(","events":[")" + event + "\"]}",
                     {dealer.key_header});
    BOOST_REQUIRE_EQUAL(made.status, 200);
    there.expect_secret(made.json()["secret"].asString());
  }

  /// The data of the only message of this type.
  Json::Value told(const std::string& event) const {
    BOOST_REQUIRE(comes_true([&] { return !there.events(event).empty(); }));
    auto calls = there.events(event);
    BOOST_TEST(calls.size() == 1u);
    BOOST_TEST(calls.front()["genuine"].asBool());
    return calls.front()["body"]["data"];
  }
};

BOOST_FIXTURE_TEST_CASE(the_end_of_a_batch_is_told_of_once, service_with_devices) {
  listen("batch.completed");
  auto submitted = post("/dealer/esim-verify",
                        R"({"lpas":["LPA:1$smdp.example.com$AVAILABLE-1",)"
                        R"("LPA:1$smdp.example.com$USED-1","no code"]})",
                        {dealer.key_header});
  BOOST_REQUIRE_EQUAL(submitted.status, 200);
  auto data = told("batch.completed");
  BOOST_TEST(data["id"].asString() == submitted.json()["batch_id"].asString());
  BOOST_TEST(data["total_rows"].asInt() == 3);
  BOOST_TEST(data["available"].asInt() == 1);
  BOOST_TEST(data["used"].asInt() == 1);
  BOOST_TEST(data["invalid"].asInt() == 1);
  BOOST_TEST(data["paid_total_usd"].asDouble() == 3.0);
}

BOOST_FIXTURE_TEST_CASE(a_decision_about_a_broken_esim_is_told_of, service_with_devices) {
  const std::string portal = "/api/portal/v1";
  auto sku = get(portal + "/services/esim_supply_att/skus", {dealer.portal_header})
               .json()["skus"][0]["id"]
               .asString();
  auto buy = [&](int quantity) {
    return post(portal + "/services/esim_supply_att/execute",
                R"({"sku_id":")" + sku + R"(","quantity":)" + std::to_string(quantity) + '}',
                {dealer.portal_header});
  };
  // The demonstration's stock goes first.
  BOOST_REQUIRE_EQUAL(buy(500).status, 200);
  admin_post("/admin/v1/inventory/att/qr",
             "iccid,lpa\n8901410999000000017,LPA:1$smdp.example.com$AVAILABLE-17\n");
  BOOST_REQUIRE_EQUAL(buy(1).status, 200);
  listen("replacement.decided");
  auto begun = post(portal + "/esim-supply/replace", R"({"iccid":"8901410999000000017"})",
                    {dealer.portal_header});
  BOOST_REQUIRE_EQUAL(begun.status, 200);
  auto data = told("replacement.decided");
  BOOST_TEST(data["check_id"].asString() == begun.json()["check_id"].asString());
  BOOST_TEST(data["iccid"].asString() == "8901410999000000017");
  BOOST_TEST(data["decision"].asString() == "install_again");
  BOOST_TEST(data["replacement"].isNull());
}

BOOST_FIXTURE_TEST_CASE(what_could_not_be_sent_outlasts_the_node_and_comes_later, open_service) {
  there.expect_secret(add("/hook").json()["secret"].asString());
  there.server.reset();
  pay_in("+1");
  auto ordered = order("p3:data-us-5gb");
  BOOST_TEST(final_status(dealer, ordered) == "completed");
  restart(SIGKILL);
  there.open();
  BOOST_TEST(comes_true(
    [&] {
      return there.events("order.completed").size() == 1
             && there.events("wallet.credited").size() == 1;
    },
    60s));
}

BOOST_FIXTURE_TEST_CASE(a_receiver_that_fails_is_tried_again_with_the_same_id, open_service) {
  there.expect_secret(add("/failing").json()["secret"].asString());
  pay_in("+1");
  database db{database_connection(), "test"};
  // The pauses are minutes; the clock of the queue is the database's.
  auto hurry = [&] {
    db.session() << "UPDATE jobs SET run_at = now() WHERE kind = 'webhook' AND attempts < 9"
                    " AND run_at > now() AND EXISTS (SELECT FROM webhook_messages m"
                    " WHERE m.id = subject AND m.attempts > 0)";
  };
  BOOST_TEST(comes_true([&] {
    hurry();
    return there.calls().size() >= 3 && listed()[0]["last_error"].isNull();
  }));
  auto calls = there.calls();
  BOOST_REQUIRE(calls.size() >= 3u);
  for (const auto& call : calls) {
    BOOST_TEST(call["genuine"].asBool());
    BOOST_TEST(call["id"].asString() == calls[0]["id"].asString());
  }
}

BOOST_FIXTURE_TEST_CASE(redirects_are_not_followed_and_gone_is_final, open_service) {
  add("/redirect");
  add("/gone");
  add("/big");
  pay_in("+1");
  BOOST_TEST(comes_true([&] {
    auto known = listed();
    return !known[0]["last_error"].isNull() && known[1]["disabled"].asBool()
           && !known[2]["last_success_at"].isNull();
  }));
  BOOST_TEST(listed()[0]["last_error"].asString()
             == "the receiver answered 302, and redirects are not followed");
  BOOST_TEST(listed()[1]["disabled_reason"].asString() == "the receiver answered 410");
  for (const auto& call : there.calls())
    BOOST_TEST(call["path"].asString() != "/moved");
}

BOOST_FIXTURE_TEST_CASE(a_slow_receiver_does_not_hold_up_others, open_service) {
  add("/slow");
  for (int i = 0; i < 20; ++i)
    pay_in("+1");
  there.expect_secret(add("/hook").json()["secret"].asString());
  pay_in("+2");
  auto begun = std::chrono::steady_clock::now();
  auto has_arrived = [&] {
    for (const auto& call : there.calls())
      if (call["path"].asString() == "/hook")
        return true;
    return false;
  };
  BOOST_TEST(comes_true(has_arrived));
  // The wait for the slow one alone is longer.
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 12s));
}

BOOST_AUTO_TEST_SUITE_END()

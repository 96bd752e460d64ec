#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>
#include <json/reader.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>

// Webhooks over real HTTP, with a receiver that checks them by somebody else's package.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

struct receiver {
  receiver() {
    folder = fs::temp_directory_path() / ("meisim-hooks-" + to_string(make_uuid()));
    fs::create_directories(folder);
    open();
  }

  ~receiver() {
    server.reset();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  receiver(const receiver&) = delete;
  receiver& operator=(const receiver&) = delete;

  void open() {
    auto script = std::string{std::getenv("MEISIM_SOURCE")} + "/tests/node/webhook_receiver.mjs";
    server.emplace("/usr/bin/env", std::vector<std::string>{"node", script, folder.string(), port},
                   "webhook receiver ready ");
    port = server->rest_of_line();
  }

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + port + path;
  }

  void expect_secret(const std::string& secret) const {
    std::ofstream{folder / "secret"} << secret;
  }

  std::vector<Json::Value> calls() const {
    std::vector<Json::Value> result;
    for (int i = 1;; ++i) {
      std::ifstream file{folder / (std::to_string(i) + ".json")};
      if (!file)
        return result;
      Json::Value value;
      Json::CharReaderBuilder builder;
      std::string errors;
      BOOST_REQUIRE_MESSAGE(Json::parseFromStream(builder, file, &value, &errors), errors);
      result.push_back(std::move(value));
    }
  }

  std::vector<Json::Value> events(const std::string& type) const {
    std::vector<Json::Value> result;
    for (auto& call : calls())
      if (call["body"]["type"].asString() == type)
        result.push_back(call);
    return result;
  }

  fs::path folder;
  std::string port = "0";
  std::optional<child_process> server;
};

bool comes_true(const std::function<bool()>& condition, std::chrono::seconds patience = 30s) {
  for (auto end = std::chrono::steady_clock::now() + patience;
       std::chrono::steady_clock::now() < end;) {
    if (condition())
      return true;
    std::this_thread::sleep_for(50ms);
  }
  return condition();
}

struct open_service : service {
  open_service() : service({"--rate-limits", "off", "--webhook-any-address"}) {
    // nop
  }

  receiver there;
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

/// As it runs for the public.
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
  BOOST_TEST(changed.json()["events"].size() == 6u);
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
  receiver there;
  auto made = add(R"({"url":"https://example.com/hook","events":["*"]})").json();
  // As if the name had come to stand for another address since.
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
    add("/hook", R"("events":["*"],"low_balance_usd":150)").json()["secret"].asString());
  pay_in("+100");
  auto completed = order("p3:data-us-5gb");
  auto failed = order("p3:sandbox-reject");
  BOOST_TEST(final_status(dealer, completed) == "completed");
  BOOST_TEST(final_status(dealer, failed) == "failed");
  BOOST_TEST(comes_true([&] {
    return there.events("order.completed").size() == 1 && there.events("order.failed").size() == 1
           && there.events("wallet.credited").size() >= 2;
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
  // The slow one's patience alone is longer.
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 12s));
}

BOOST_AUTO_TEST_SUITE_END()

#include "protocols/base/instant.hpp"
#include "tests/fixtures/service.hpp"
#include "tests/fixtures/webhook_receiver.hpp"

// What a dealer's developer does with webhooks: try them, look at what was sent, change the secret.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : service {
  fixture()
    : service({"--rate-limits", "off", "--webhook-any-address", "--esim-watch-seconds", "1"}) {
    // nop
  }

  webhook_receiver there;
  account dealer = add_dealer("20");

  /// Makes a webhook, and gives its path.
  std::string listen(const std::string& events) const {
    auto made = ask("/dealer/webhooks",
                    R"({"url":")" + there.url("/hook") + R"(","events":[)" + events + "]}");
    there.expect_secret(made["secret"].asString());
    return "/dealer/webhooks/" + made["id"].asString();
  }

  Json::Value ask(const std::string& path, const std::string& body = "") const {
    auto answer = post(path, body, {dealer.key_header});
    BOOST_TEST_REQUIRE(answer.status == 200, path << " answers " << answer.body);
    return answer.json();
  }

  Json::Value deliveries(const std::string& hook) const {
    return get(hook + "/deliveries", {dealer.key_header}).json()["data"];
  }

  std::vector<Json::Value> arrived(const std::string& event, size_t count) const {
    BOOST_TEST(comes_true([&] { return there.events(event).size() >= count; }));
    auto calls = there.events(event);
    BOOST_TEST(calls.size() == count);
    for (const auto& call : calls)
      BOOST_TEST(call["genuine"].asBool());
    return calls;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(webhook_deliveries_api)

BOOST_FIXTURE_TEST_CASE(a_test_message_is_sent_listed_and_sent_again, fixture) {
  auto hook = listen(R"("order.failed")");
  auto queued = ask(hook + "/test");
  BOOST_TEST(queued["event"].asString() == "webhook.test");
  auto first = arrived("webhook.test", 1).front();
  BOOST_TEST(comes_true([&] { return deliveries(hook)[0]["status"] == "delivered"; }));
  auto shown = deliveries(hook)[0];
  BOOST_TEST(shown["id"].asString() == queued["id"].asString());
  BOOST_TEST(shown["attempts"].asInt() == 1);
  BOOST_TEST(shown["httpStatus"].asInt() / 100 == 2);
  BOOST_TEST(!shown["lastTryAt"].isNull());
  auto replay = hook + "/deliveries/" + queued["id"].asString() + "/replay";
  ask(replay);
  auto second = arrived("webhook.test", 2).back();
  BOOST_TEST(first["id"].asString() == second["id"].asString());
  BOOST_TEST(post(hook + "/deliveries/none/replay", "", {dealer.key_header}).status == 404);
  ask(hook, R"({"disabled":true})");
  BOOST_TEST(post(hook + "/test", "", {dealer.key_header}).status == 409);
  BOOST_TEST(post(replay, "", {dealer.key_header}).status == 409);
}

BOOST_FIXTURE_TEST_CASE(the_secret_before_counts_for_a_day, fixture) {
  auto hook = listen(R"("order.failed")");
  auto changed = ask(hook + "/rotate-secret");
  BOOST_TEST(!changed["former_secret_until"].isNull());
  // The receiver still knows the first secret alone.
  ask(hook + "/test");
  arrived("webhook.test", 1);
  there.expect_secret(changed["secret"].asString());
  ask(hook + "/test");
  arrived("webhook.test", 2);
}

BOOST_FIXTURE_TEST_CASE(an_order_that_the_wallet_does_not_cover_is_told_of, fixture) {
  listen(R"("order.refused_for_funds")");
  auto refused = post("/dealer/order",
                      R"({"productId":"p3:data-us-5gb","quantity":20,"customerReference":"A-1",)"
                      R"("customerEmail":"end@example.com","customerName":"Jane Doe"})",
                      {dealer.key_header});
  BOOST_TEST(refused.status == 402);
  auto data = arrived("order.refused_for_funds", 1).front()["body"]["data"];
  BOOST_TEST(data["customer_reference"].asString() == "A-1");
  BOOST_TEST(data["balance_usd"].asDouble() == 20.0);
  BOOST_TEST(data["required_usd"].asDouble() == refused.json()["required"].asDouble());
}

BOOST_FIXTURE_TEST_CASE(a_shop_is_told_of_its_esims_and_of_what_becomes_of_them, fixture) {
  listen(R"("order.completed","esim.installed","esim.data_low","esim.expiring")");
  ask("/dealer/order", R"({"productId":"p3:data-us-5gb","quantity":2,"sendEmail":false,)"
                       R"("customerEmail":"end@example.com","customerName":"Jane Doe"})");
  auto esims = arrived("order.completed", 1).front()["body"]["data"]["esims"];
  BOOST_REQUIRE_EQUAL(esims.size(), 2u);
  BOOST_TEST(esims[1]["lpa"].asString().starts_with("LPA:1$"));
  auto iccid = esims[1]["iccid"].asString();
  auto use = [&](const std::string& how) {
    call({"POST", sandbox_url() + "/test/provider/esims/" + iccid, {}, how});
    // The first look comes after ten seconds, by the database's clock.
    database db{database_connection(), "test"};
    db.session() << "UPDATE jobs SET run_at = now() WHERE kind = 'esim'";
  };
  use(R"({"state":"Installed"})");
  BOOST_TEST(arrived("esim.installed", 1).front()["body"]["data"]["unit"].asInt() == 2);
  use(R"({"used_mb":4200})");
  BOOST_TEST(arrived("esim.data_low", 1).front()["body"]["data"]["percent_used"].asInt() == 80);
  use(R"({"used_mb":5120})");
  BOOST_TEST(arrived("esim.data_low", 2).back()["body"]["data"]["percent_used"].asInt() == 100);
  use(R"({"expires_at":")" + rfc3339(now() + std::chrono::hours{70}) + "\"}");
  BOOST_TEST(arrived("esim.expiring", 1).front()["body"]["data"]["days_left"].asInt() == 3);
  use(R"({"expires_at":")" + rfc3339(now() + std::chrono::hours{20}) + "\"}");
  BOOST_TEST(arrived("esim.expiring", 2).back()["body"]["data"]["days_left"].asInt() == 1);
  auto order = get("/dealer/orders?iccid=" + iccid, {dealer.key_header}).json()["data"][0];
  auto shown = get("/dealer/orders/" + order["id"].asString(), {dealer.key_header}).json();
  BOOST_TEST(shown["esims"][1]["state"].asString() == "installed");
  BOOST_TEST(shown["esims"][0]["state"].asString() == "delivered");
}

BOOST_AUTO_TEST_SUITE_END()

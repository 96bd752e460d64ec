#include "tests/fixtures/ctl.hpp"
#include "tests/fixtures/shared_service.hpp"
#include "tests/fixtures/webhook_receiver.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

// What operators do about dealers' batches and webhooks.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  // Without devices nobody begins with a row.
  service& here = shared_service({"--rate-limits", "off", "--webhook-any-address"});
  service::account owner = here.add_dealer("100.00");

  double balance() const {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  }

  Json::Value ask(const std::string& path, const std::string& body) const {
    auto answer = here.post(path, body, {owner.key_header});
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    return answer.json();
  }

  /// How often the change stands in the log of changes.
  size_t times_written_down(const std::string& kind, const std::string& subject) const {
    size_t times = 0;
    for (const auto& event : ctl_json(here, "audit list --subject " + subject))
      times += event["kind"].asString() == kind ? 1 : 0;
    return times;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(work_api_suite, fixture)

BOOST_AUTO_TEST_CASE(an_operator_cancels_a_batch_and_what_had_not_begun_is_given_back_once) {
  auto batch = ask("/dealer/esim-verify", R"({"lpas":["LPA:1$a.example.com$AVAILABLE-1",)"
                                          R"("LPA:1$a.example.com$AVAILABLE-2"]})")["batch_id"]
                 .asString();
  BOOST_TEST(balance() == 98.0);
  for (int times = 0; times < 2; ++times) {
    auto now = ctl_json(here, "batch cancel " + batch);
    BOOST_TEST(now["cancelled"].asInt() == 2);
    BOOST_TEST(now["refundedUsd"].asDouble() == 2.0);
    BOOST_TEST(balance() == 100.0);
  }
  BOOST_TEST(times_written_down("batch.stopped", batch) == 1u);
  BOOST_TEST(ctl(here, "batch cancel " + batch).says("cancelled"));
  auto complete =
    ask("/dealer/esim-verify", R"({"lpas":["no code at all"]})")["batch_id"].asString();
  auto refused = ctl(here, "batch cancel " + complete);
  BOOST_TEST(refused.status == 1);
  BOOST_TEST(refused.says("the batch is complete"), refused.output);
  auto unknown = ctl(here, "batch cancel " + to_string(make_uuid()));
  BOOST_TEST(unknown.status == 1);
  BOOST_TEST(unknown.says("there is no such batch"), unknown.output);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_delivery_that_failed_is_listed_and_sent_again_by_an_operator) {
  webhook_receiver there;
  auto made =
    ask("/dealer/webhooks", R"({"url":")" + there.url("/hook") + R"(","events":["order.failed"]})");
  there.expect_secret(made["secret"].asString());
  auto hook = "/dealer/webhooks/" + made["id"].asString();
  // Nobody is there to take it.
  there.server.reset();
  auto delivery = ask(hook + "/test", "")["id"].asString();
  auto shown = [&](const std::string& options) {
    for (const auto& one : ctl_json(here, "webhook list " + options))
      if (one["id"].asString() == delivery)
        return one;
    return Json::Value{};
  };
  BOOST_REQUIRE(comes_true([&] { return shown("--failed").isObject(); }));
  BOOST_TEST(shown("--failed")["dealer"].asString() == owner.email);
  BOOST_TEST(!shown("--failed")["failure"].asString().empty());
  auto unknown = ctl(here, "webhook list --dealer somebody@example.com");
  BOOST_TEST(unknown.status == 1);
  BOOST_TEST(unknown.says("there is no dealer with this mail address"), unknown.output);
  there.open();
  auto again = ctl(here, "webhook replay " + delivery);
  BOOST_TEST(again.status == 0, again.output);
  BOOST_TEST(comes_true([&] { return shown("")["status"] == "delivered"; }));
  BOOST_TEST(there.events("webhook.test").size() == 1u);
  BOOST_TEST(shown("--failed").isNull());
  BOOST_TEST(times_written_down("webhook.replayed", delivery) == 1u);
  // A disabled webhook is not sent what it has missed.
  ask(hook, R"({"disabled":true})");
  auto refused = ctl(here, "webhook replay " + delivery);
  BOOST_TEST(refused.status == 1);
  BOOST_TEST(refused.says("its webhook is disabled"), refused.output);
}

BOOST_AUTO_TEST_SUITE_END()

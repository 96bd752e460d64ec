#include "protocols/money/stripe_signature.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/ctl.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>
#include <signal.h>

#include <csignal>
#include <fstream>
#include <string>

// Secrets that change while the node runs.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service here;
  service::account owner = here.add_dealer("10.00");

  std::string sign_in() const {
    auto login = here.post("/api/portal/v1/auth/login",
                           R"({"email":")" + owner.email + R"(","password":"a-password"})");
    return "Authorization: Bearer " + login.json()["token"].asString();
  }

  long with_token(const std::string& header) const {
    return here.get("/api/portal/v1/wallet", {header}).status;
  }

  long as_operator(const std::string& token) const {
    return call({"GET",
                 here.admin_url() + "/admin/v1/session",
                 {"Authorization: Bearer " + token},
                 {}})
      .status;
  }

  long event_signed_by(const std::string& secret) const {
    const std::string body = R"({"id":"evt_1","type":"customer.created","data":{"object":{}}})";
    return here
      .post("/stripe/webhook", body, {"Stripe-Signature: " + sign_payload(body, secret, now())})
      .status;
  }

  std::string admin_token() const {
    return text_of_file(here.home() + "/admin.token").substr(0, 64);
  }

  Json::Value key(const std::string& name) const {
    for (const auto& one : ctl_json(here, "key list"))
      if (one["name"].asString() == name)
        return one;
    return {};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(keys_api_suite, fixture)

BOOST_AUTO_TEST_CASE(tokens_of_the_key_before_are_good_until_it_ends) {
  auto before = key("jwt");
  auto made = ctl_json(here, "key rotate jwt");
  BOOST_TEST(made["id"].asString() != before["id"].asString());
  BOOST_TEST(made["formerId"].asString() == before["id"].asString());
  BOOST_TEST(key("jwt")["id"].asString() == made["id"].asString());
  BOOST_TEST(with_token(owner.portal_header) == 200);
  BOOST_TEST(with_token(sign_in()) == 200);
  // It is known to somebody: nothing that it has signed is good any more.
  auto at_once = ctl_json(here, "key rotate jwt --at-once");
  BOOST_TEST(at_once["formerId"].isNull());
  BOOST_TEST(with_token(owner.portal_header) == 401);
  BOOST_TEST(with_token(sign_in()) == 200);
  auto events = ctl_json(here, "audit list --subject jwt");
  BOOST_REQUIRE_EQUAL(events.size(), 2u);
  BOOST_TEST(events[0]["kind"].asString() == "key.rotated");
  BOOST_TEST(events[0]["after"]["id"].asString() == at_once["id"].asString());
  auto given = ctl(here, "key rotate jwt --from-file " + here.home() + "/jwt.key");
  BOOST_TEST(given.status == 1);
  BOOST_TEST(given.says("secret must be left out"), given.output);
}

BOOST_AUTO_TEST_CASE(the_admin_token_before_opens_for_a_day_and_a_restart_changes_nothing) {
  auto before = admin_token();
  BOOST_TEST(ctl(here, "key rotate admin").status == 0);
  auto after = admin_token();
  BOOST_TEST(after != before);
  here.restart(SIGTERM);
  BOOST_TEST(as_operator(before) == 200);
  BOOST_TEST(as_operator(after) == 200);
  BOOST_TEST(ctl(here, "key rotate admin --at-once").status == 0);
  BOOST_TEST(as_operator(after) == 401);
  BOOST_TEST(as_operator(admin_token()) == 200);
}

BOOST_AUTO_TEST_CASE(events_are_taken_by_either_secret_while_stripe_changes_it) {
  const std::string next = "whsec_0123456789abcdef";
  BOOST_TEST(event_signed_by(next) == 400);
  auto wrong = ctl(here, "key rotate stripe-webhook", "echo sk_test_1 |");
  BOOST_TEST(wrong.status == 1);
  BOOST_TEST(wrong.says("must be the secret of Stripe's webhook"), wrong.output);
  BOOST_TEST(ctl(here, "key rotate stripe", "echo " + next + " |").status == 1);
  auto live = ctl(here, "key rotate stripe", "echo sk_live_1 |");
  BOOST_TEST(live.says("must not be a live key"), live.output);
  BOOST_TEST(ctl(here, "key rotate stripe-webhook", "echo " + next + " |").status == 0);
  BOOST_TEST(event_signed_by(next) == 200);
  BOOST_TEST(event_signed_by(stripe_webhook_secret) == 200);
  BOOST_TEST(event_signed_by("whsec_another") == 400);
  BOOST_TEST(text_of_file(here.home() + "/stripe-webhook.secret") == next + "\n");
}

BOOST_AUTO_TEST_CASE(a_provider_s_key_comes_from_a_file_and_names_that_are_none_are_told) {
  auto file = here.home() + "/new";
  std::ofstream{file} << "a new key\n";
  BOOST_TEST(key("provider-p3")["id"].isNull());
  BOOST_TEST(ctl(here, "key rotate provider-p3 --from-file " + file).status == 0);
  BOOST_TEST(!key("provider-p3")["id"].isNull());
  auto same = ctl(here, "key rotate provider-p3 --from-file " + file);
  BOOST_TEST(same.says("this is what provider-p3 is already"), same.output);
  auto unknown = ctl(here, "key rotate provider-p9 --from-file " + file);
  BOOST_TEST(unknown.status == 1);
  BOOST_TEST(unknown.says("there are jwt, admin, stripe, stripe-webhook, provider-p3"),
             unknown.output);
  BOOST_TEST(!ctl(here, "key list").says("a new key"));
}

BOOST_AUTO_TEST_CASE(a_signal_has_the_files_read_again_and_a_bad_one_changes_nothing) {
  auto file = here.home() + "/stripe-webhook.secret";
  std::ofstream{file} << "whsec_by_hand\n";
  BOOST_REQUIRE(::kill(here.node_id(), SIGHUP) == 0);
  BOOST_TEST(comes_true([&] { return event_signed_by("whsec_by_hand") == 200; }));
  BOOST_TEST(event_signed_by(stripe_webhook_secret) == 400);
  auto id = key("stripe-webhook")["id"].asString();
  std::ofstream{file} << "nonsense\n";
  std::ofstream{here.home() + "/stripe.key"} << "sk_test_by_hand\n";
  auto stripe = key("stripe")["id"].asString();
  BOOST_REQUIRE(::kill(here.node_id(), SIGHUP) == 0);
  // The other file is good: once it is in force, both have been read.
  BOOST_TEST(comes_true([&] { return key("stripe")["id"].asString() != stripe; }));
  BOOST_TEST(key("stripe-webhook")["id"].asString() == id);
  BOOST_TEST(event_signed_by("whsec_by_hand") == 200);
}

BOOST_AUTO_TEST_CASE(a_signal_has_the_keys_of_providers_and_the_admin_token_read_again) {
  auto provider = key("provider-p3")["id"].asString();
  const std::string token(64, 'b');
  std::ofstream{here.home() + "/provider-p3.key"} << "a key by hand\n";
  std::ofstream{here.home() + "/admin.token"} << token << '\n';
  BOOST_REQUIRE(::kill(here.node_id(), SIGHUP) == 0);
  BOOST_TEST(comes_true([&] { return as_operator(token) == 200; }));
  BOOST_TEST(comes_true([&] { return key("provider-p3")["id"].asString() != provider; }));
}

BOOST_AUTO_TEST_SUITE_END()

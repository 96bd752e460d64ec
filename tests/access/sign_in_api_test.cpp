#include "protocols/access/scopes.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "tests/fixtures/authenticator.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <algorithm>

// Keys for purposes, sessions and second factors over HTTP.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture {
  service& here = shared_service({"--rate-limits", "off"});
  service::account owner = here.add_dealer("50.00");

  web_reply make_key(const std::string& rest, const std::string& header) const {
    return here.post("/dealer/keys", R"({"label":"robot",)" + rest + "}", {header});
  }

  /// The header of a key with this of the owner's rights.
  std::string key_with(const std::string& rest) const {
    auto made = make_key(rest, owner.key_header);
    BOOST_REQUIRE_EQUAL(made.status, 200);
    return "x-dealer-key: " + made.json()["apiKey"].asString();
  }

  web_reply log_in(const std::string& rest = "") const {
    return here.post("/dealer/login",
                     R"({"email":")" + owner.email + R"(","password":"a-password")" + rest + "}");
  }

  std::string token_header() const {
    return "Authorization: Bearer " + log_in().json()["token"].asString();
  }
};

const std::string order =
  R"({"productId":"p3:data-us-5gb","customerEmail":"a@example.com","customerName":"A"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(sign_in_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_key_for_reading_reads_and_nothing_else) {
  auto reader = key_with(R"("scopes":["read"])");
  BOOST_TEST(here.get("/dealer/wallet", {reader}).status == 200);
  auto refused = here.post("/dealer/order", order, {reader});
  BOOST_TEST(refused.status == 403);
  BOOST_TEST(refused.json()["message"].asString().find("scope") != std::string::npos);
  BOOST_TEST(make_key(R"("scopes":["read"])", reader).status == 403);
  auto buyer = key_with(R"("scopes":["order"])");
  BOOST_TEST(here.post("/dealer/order", order, {buyer}).status == 200);
  BOOST_TEST(here.post("/dealer/topup", R"({"amountUsd":100})", {buyer}).status == 403);
}

BOOST_AUTO_TEST_CASE(a_key_makes_no_key_that_may_do_more) {
  auto manager = key_with(R"("scopes":["manage","read"])");
  BOOST_TEST(make_key(R"("scopes":["read"])", manager).status == 200);
  BOOST_TEST(make_key(R"("scopes":["order"])", manager).status == 403);
  auto bound = key_with(R"("scopes":["manage"],"allowedIps":["127.0.0.0/8"])");
  BOOST_TEST(here.get("/dealer/keys", {bound}).status == 200);
  BOOST_TEST(make_key(R"("scopes":["manage"])", bound).status == 403);
}

BOOST_AUTO_TEST_CASE(a_key_is_shown_with_what_it_is_good_for_and_bound_to_that) {
  auto elsewhere = key_with(
    R"("scopes":["read","wallet"],"expiresAt":"2099-12-31T00:00:00Z","allowedIps":["192.0.2.7"])");
  BOOST_TEST(here.get("/dealer/wallet", {elsewhere}).status == 403);
  auto list = here.get("/dealer/keys", {owner.key_header}).json()["keys"];
  BOOST_REQUIRE_EQUAL(list.size(), 2u);
  const auto& shown = list[1];
  BOOST_TEST(shown["label"].asString() == "robot");
  BOOST_TEST(shown["scopes"].size() == 2u);
  BOOST_TEST(shown["expiresAt"].asString() == "2099-12-31T00:00:00Z");
  BOOST_TEST(shown["allowedIps"][0].asString() == "192.0.2.7");
  BOOST_TEST(list[0]["scopes"].size() == 5u);
  for (const auto* wrong : {R"("scopes":[])", R"("scopes":["all"])",
                            R"("scopes":["read"],"expiresAt":"2020-01-01T00:00:00Z")",
                            R"("scopes":["read"],"expiresAt":"tomorrow")",
                            R"("scopes":["read"],"allowedIps":["here"])"})
    BOOST_TEST(make_key(wrong, owner.key_header).status == 400, wrong);
}

BOOST_AUTO_TEST_CASE(a_webhook_is_set_up_by_who_may_read_without_end) {
  auto hook = [&](const std::string& key) {
    return here.post("/dealer/webhooks", R"({"url":"https://example.com/hook","events":["*"]})",
                     {key});
  };
  for (const auto* weak :
       {R"("scopes":["manage"])", R"("scopes":["manage","read"],"allowedIps":["127.0.0.0/8"])",
        R"("scopes":["manage","read"],"expiresAt":"2099-12-31T00:00:00Z")"}) {
    auto refused = hook(key_with(weak));
    BOOST_TEST(refused.status == 403, weak);
    BOOST_TEST(refused.json()["message"].asString().find("webhook") != std::string::npos);
  }
  // The address is looked up before it is kept, and nobody is asked here.
  BOOST_TEST(hook(key_with(R"("scopes":["manage","read"])")).status != 403);
}

BOOST_AUTO_TEST_CASE(a_webhooks_secret_is_shown_to_who_is_good_without_end) {
  auto rotate = [&](const std::string& rest) {
    return here
      .post("/dealer/webhooks/" + to_string(make_uuid()) + "/rotate-secret", "{}", {key_with(rest)})
      .status;
  };
  BOOST_TEST(rotate(R"("scopes":["manage"])") == 404);
  BOOST_TEST(rotate(R"("scopes":["manage"],"allowedIps":["127.0.0.0/8"])") == 403);
  BOOST_TEST(rotate(R"("scopes":["manage"],"expiresAt":"2099-12-31T00:00:00Z")") == 403);
}

BOOST_AUTO_TEST_CASE(signing_out_ends_one_session) {
  auto first = token_header();
  auto second = token_header();
  auto list = here.get("/dealer/sessions", {second}).json()["sessions"];
  // With the portal's, which the fixture has opened.
  BOOST_REQUIRE_EQUAL(list.size(), 3u);
  BOOST_TEST(list[0]["current"].asBool());
  BOOST_TEST(list[0]["address"].asString() == "127.0.0.1");
  BOOST_TEST(here.post("/dealer/auth/logout", "{}", {first}).status == 200);
  BOOST_TEST(here.get("/dealer/wallet", {first}).status == 401);
  BOOST_TEST(here.get("/dealer/wallet", {second}).status == 200);
  BOOST_TEST(here.post("/dealer/auth/logout", "{}", {owner.key_header}).status == 409);
  BOOST_TEST(here.remove("/dealer/sessions/" + list[0]["id"].asString(), {owner.key_header}).status
             == 200);
  BOOST_TEST(here.get("/dealer/wallet", {second}).status == 401);
  BOOST_TEST(here.post("/api/portal/v1/auth/logout", "{}", {owner.portal_header}).status == 200);
  BOOST_TEST(here.get("/api/portal/v1/wallet", {owner.portal_header}).status == 401);
}

BOOST_AUTO_TEST_CASE(a_second_factor_is_set_used_and_removed) {
  auto begin = [&](const std::string& password) {
    return here.post("/dealer/auth/second-factor", R"({"currentPassword":")" + password + R"("})",
                     {owner.key_header});
  };
  BOOST_TEST(begin("wrong-password").status == 401);
  auto secret = begin("a-password").json()["secret"].asString();
  auto confirmed = here.post("/dealer/auth/second-factor/confirm",
                             R"({"code":")" + code_at(secret, now()) + R"("})", {owner.key_header});
  BOOST_REQUIRE_EQUAL(confirmed.status, 200);
  auto spare = confirmed.json()["recoveryCodes"];
  BOOST_TEST(spare.size() == 10u);
  auto without = log_in();
  BOOST_TEST(without.status == 401);
  BOOST_TEST(without.json()["message"].asString().starts_with("code is required"));
  BOOST_TEST(log_in(R"(,"code":")" + code_at(secret, now() + 30s) + R"(")").status == 200);
  // As it is copied from paper.
  auto written = spare[0].asString();
  std::ranges::transform(written, written.begin(), meisim::upper);
  BOOST_TEST(log_in(R"(,"code":" )" + written + R"( ")").status == 200);
  BOOST_TEST(log_in(R"(,"code":")" + spare[0].asString() + R"(")").status == 401);
  BOOST_TEST(begin("a-password").status == 409);
  BOOST_TEST(here
               .post("/dealer/auth/second-factor/remove",
                     R"({"code":")" + spare[1].asString() + R"("})", {owner.key_header})
               .status
             == 200);
  BOOST_TEST(log_in().status == 200);
}

BOOST_AUTO_TEST_CASE(a_common_password_is_refused_by_name_and_a_changed_one_is_mailed) {
  auto set = [&](const std::string& password) {
    return here.post("/dealer/auth/set-password",
                     R"({"email":")" + owner.email + R"(","password":")" + password
                       + R"(","currentPassword":"a-password"})",
                     {owner.key_header});
  };
  for (const auto* common : {"password1", "Qwertyuiop", "12345678"}) {
    auto refused = set(common);
    BOOST_TEST(refused.status == 400, common);
    BOOST_TEST(refused.json()["message"].asString().starts_with("password is one of"));
  }
  BOOST_TEST(set("a-rarer-password").status == 200);
  BOOST_TEST(comes_true([&] {
    return here.mails_to(owner.email).find("Your MeiSIM password was set") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_SUITE_END()

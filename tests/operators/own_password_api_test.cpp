#include "persistence/base/session.hpp"
#include "protocols/access/rate_limits.hpp"
#include "tests/fixtures/authenticator.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <chrono>
#include <string>

// How operators change their own passwords.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr auto first_password = "a long password";
constexpr auto next_password = "another long password";

struct fixture {
  service& here = shared_service();
  const std::string email = "own-" + to_string(make_uuid()) + "@operators.example";

  fixture() {
    auto added = here.admin_post("/admin/v1/operators", R"({"email":")" + email
                                                          + R"(","role":"viewer","password":")"
                                                          + first_password + R"("})");
    BOOST_REQUIRE_EQUAL(added.status, 200);
  }

  web_reply ask(const std::string& method, const std::string& path, const std::string& token,
                const std::string& body = {}) const {
    std::vector<std::string> headers{"Content-Type: application/json"};
    if (!token.empty())
      headers.push_back("Authorization: Bearer " + token);
    return call({method, here.admin_url() + "/admin/v1" + path, headers, body});
  }

  web_reply sign_in(const std::string& password, const std::string& code = {}) const {
    return ask("POST", "/session", {},
               R"({"email":")" + email + R"(","password":")" + password + '"' + with(code));
  }

  std::string token(const std::string& password = first_password,
                    const std::string& code = {}) const {
    auto answer = sign_in(password, code);
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    return answer.json()["token"].asString();
  }

  web_reply change(const std::string& session, const std::string& current,
                   const std::string& wanted = next_password, const std::string& code = {}) const {
    return ask("POST", "/session/password", session,
               R"({"currentPassword":")" + current + R"(","password":")" + wanted + '"'
                 + with(code));
  }

  /// The end of a body.
  static std::string with(const std::string& code) {
    return (code.empty() ? "" : R"(,"code":")" + code + '"') + '}';
  }

  long status_in(const std::string& session) const {
    return ask("GET", "/session", session).status;
  }

  /// Has the operator show codes, and gives what they come from.
  std::string make_secret() const {
    auto set = here.admin_post("/admin/v1/operators/" + email + "/totp", R"({"on":true})");
    return set.json()["secret"].asString();
  }

  int events(const std::string& kind) const {
    int result = 0;
    for (const auto& one : here.admin_get("/admin/v1/audit?subject=" + email).json())
      if (one["kind"].asString() == kind)
        ++result;
    return result;
  }

  /// What fails is written down after its answer.
  bool are_told(int count, const std::string& kind) const {
    return comes_true([&] { return events(kind) == count; });
  }

  /// As if half an hour had gone by since the last try.
  void wait() const {
    change_tries("last_at = last_at - interval '30 minutes'");
  }

  void change_tries(const std::string& how) const {
    database db{here.database_connection(), "test"};
    db.session() << "UPDATE operator_tries SET " + how + " WHERE email = :email",
      soci::use(email, "email");
  }

  /// Whether so many mails with this subject come to the operator.
  bool are_mailed(int wanted, const std::string& subject) const {
    auto line = "Subject: " + subject;
    return comes_true([&] {
      int found = 0;
      auto mails = here.mails_to(email);
      for (auto at = mails.find(line); at != std::string::npos; at = mails.find(line, at + 1))
        ++found;
      return found == wanted;
    });
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(own_password_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_change_ends_all_sessions_but_the_one_that_asks_and_is_mailed) {
  auto mine = token();
  auto other = token();
  BOOST_TEST(change(mine, first_password).status == 200);
  BOOST_TEST(status_in(mine) == 200);
  BOOST_TEST(status_in(other) == 401);
  BOOST_TEST(sign_in(first_password).status == 401);
  BOOST_TEST(sign_in(next_password).status == 200);
  // Of the first one, and of this one.
  BOOST_TEST(are_mailed(2, "Your MeiSIM password was set"));
}

BOOST_AUTO_TEST_CASE(a_change_is_told_under_the_operators_own_name_without_the_password) {
  BOOST_TEST(change(token(), first_password).status == 200);
  BOOST_TEST(events("operator.own_password") == 1);
  auto told = here.admin_get("/admin/v1/audit?subject=" + email);
  BOOST_TEST(told.json()[0]["actor"].asString() == email);
  BOOST_TEST(told.json()[0]["address"].asString() == "127.0.0.1");
  BOOST_TEST(told.body.find(next_password) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_the_current_password_nothing_changes_and_the_pauses_grow) {
  auto mine = token();
  for (int i = 0; i < 3; ++i) {
    auto wrong = change(mine, "a wrong password");
    BOOST_TEST(wrong.status == 403);
    BOOST_TEST(wrong.json()["message"].asString().starts_with("the current password or the code"));
  }
  BOOST_TEST(are_told(3, "sign_in.failed"));
  BOOST_TEST(events("operator.own_password") == 0);
  // After two more, a try has to wait for four seconds.
  change_tries("tries = tries + 2, last_at = now()");
  // Even the right one, here and at the sign-in.
  auto paced = change(mine, first_password);
  BOOST_TEST(paced.status == 429);
  BOOST_TEST(std::stoi(paced.headers["retry-after"]) >= 1);
  BOOST_TEST(sign_in(first_password).status == 429);
  BOOST_TEST(status_in(mine) == 200);
  wait();
  BOOST_TEST(change(mine, first_password).status == 200);
  BOOST_TEST(sign_in(next_password).status == 200);
}

BOOST_AUTO_TEST_CASE(the_owner_hears_of_it_when_somebody_goes_on_guessing) {
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(sign_in("a wrong password").status == 401);
    wait();
  }
  BOOST_TEST(are_mailed(1, "Sign-in to MeiSIM pauses"));
  BOOST_TEST(are_told(1, "sign_in.locked"));
  BOOST_TEST(are_told(5, "sign_in.failed"));
}

BOOST_AUTO_TEST_CASE(the_new_password_keeps_the_rules_of_all_others) {
  auto mine = token();
  BOOST_TEST(change(mine, first_password, "short").status == 400);
  BOOST_TEST(change(mine, first_password, "password123").status == 400);
  BOOST_TEST(change(mine, first_password, std::string(129, 'x')).status == 400);
  BOOST_TEST(
    ask("POST", "/session/password", mine, R"({"password":"another long password"})").status
    == 400);
  // What was refused before anything was compared is no try.
  BOOST_TEST(change(mine, first_password).status == 200);
}

BOOST_AUTO_TEST_CASE(where_the_sign_in_takes_a_code_the_change_takes_another_one) {
  auto secret = make_secret();
  auto used = code_at(secret, now());
  auto mine = token(first_password, used);
  BOOST_TEST(ask("GET", "/session", mine).json()["totp"].asBool());
  auto lacking = change(mine, first_password);
  BOOST_TEST(lacking.status == 400);
  BOOST_TEST(lacking.json()["message"].asString().starts_with("code"));
  BOOST_TEST(change(mine, first_password, next_password, used).status == 403);
  auto next = code_at(secret, now() + std::chrono::seconds{30});
  BOOST_TEST(change(mine, "a wrong password", next_password, next).status == 403);
  BOOST_TEST(change(mine, first_password, next_password, next).status == 200);
  BOOST_TEST(sign_in(next_password, next).status == 401);
}

BOOST_AUTO_TEST_CASE(tokens_have_no_password) {
  auto body = R"({"currentPassword":"a long password","password":"another long password"})";
  BOOST_TEST(here.admin_post("/admin/v1/session/password", body).status == 409);
  auto end = rfc3339(now() + std::chrono::hours{1});
  auto made = here.admin_post("/admin/v1/tokens",
                              R"({"name":"nightly","role":"admin","expiresAt":")" + end + R"("})");
  BOOST_REQUIRE_EQUAL(made.status, 200);
  auto script = ask("POST", "/session/password", made.json()["token"].asString(), body);
  BOOST_TEST(script.status == 409);
}

BOOST_AUTO_TEST_CASE(changes_are_limited_by_address_as_well) {
  service limited{{"--rate-limits", "on"}};
  limited.admin_post("/admin/v1/operators", R"({"email":")" + email
                                              + R"(","role":"viewer","password":")" + first_password
                                              + R"("})");
  auto here_too = [&](const std::string& path, const std::vector<std::string>& headers,
                      const std::string& body) {
    auto all = headers;
    all.emplace_back("Content-Type: application/json");
    return call({"POST", limited.admin_url() + path, all, body});
  };
  auto in = here_too("/admin/v1/session", {},
                     R"({"email":")" + email + R"(","password":")" + first_password + R"("})");
  std::vector<std::string> mine{"Authorization: Bearer " + in.json()["token"].asString()};
  auto rule = documented_limit(limit_class::password);
  for (uint32_t i = 0; i < rule.count; ++i) {
    auto counted = here_too("/admin/v1/session/password", mine, "{}");
    BOOST_TEST(counted.status == 400);
    BOOST_TEST(counted.headers["ratelimit-limit"] == std::to_string(rule.count));
  }
  BOOST_TEST(here_too("/admin/v1/session/password", mine, "{}").status == 429);
  // Who has not signed in uses up nobody's limit.
  BOOST_TEST(here_too("/admin/v1/session/password", {}, "{}").status == 401);
}

BOOST_AUTO_TEST_SUITE_END()

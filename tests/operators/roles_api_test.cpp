#include "http/endpoints/routes.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <map>
#include <string>
#include <vector>

// Who may do what on the operators' port.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service();

  static std::string email_of(operator_role role) {
    return std::string{to_string(role)} + "@operators.example";
  }

  /// Gives somebody of this role an account, once.
  void add(operator_role role) const {
    here.admin_post("/admin/v1/operators", R"({"email":")" + email_of(role) + R"(","role":")"
                                             + std::string{to_string(role)}
                                             + R"(","password":"a long password"})");
  }

  web_reply sign_in(const std::string& email, const std::string& password,
                    const std::string& code = {}) const {
    auto body = R"({"email":")" + email + R"(","password":")" + password + '"'
                + (code.empty() ? "" : R"(,"code":")" + code + '"') + '}';
    return call(
      {"POST", here.admin_url() + "/admin/v1/session", {"Content-Type: application/json"}, body});
  }

  std::string token_of(operator_role role) const {
    add(role);
    auto answer = sign_in(email_of(role), "a long password");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    BOOST_TEST(answer.json()["role"].asString() == std::string{to_string(role)});
    BOOST_TEST(answer.headers["cache-control"] == "no-store");
    return answer.json()["token"].asString();
  }

  web_reply with_token(const std::string& method, const std::string& path, const std::string& token,
                       const std::string& body = {}) const {
    return call({method,
                 here.admin_url() + path,
                 {"Authorization: Bearer " + token, "Content-Type: application/json"},
                 body});
  }

  /// Whether a mail with this in it comes to an operator.
  bool is_mailed(const std::string& email, const std::string& text) const {
    return comes_true([&] { return here.mails_to(email).find(text) != std::string::npos; });
  }

  /// The path with a name in place of each `:name` that nothing has.
  static std::string nobodys(std::string_view path) {
    std::string result;
    bool in_name = false;
    for (char c : path) {
      if (c == ':')
        result += "nobody";
      in_name = c == ':' || (in_name && c != '/');
      if (!in_name)
        result += c;
    }
    return result;
  }

  web_reply ask(const http::route& where, const std::string& token) const {
    bool reads = where.verb == http::method::get;
    // What goes on by itself ends soon.
    auto path = nobodys(where.path) + (where.extras.parameters == "seconds" ? "?seconds=1" : "");
    return with_token(std::string{to_string(where.verb)}, path, token, reads ? "" : "{}");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(roles_api_suite, fixture)

BOOST_AUTO_TEST_CASE(each_route_lets_in_whom_its_role_suffices_for_and_nobody_else) {
  using enum operator_role;
  for (auto role : {viewer, support, finance, admin}) {
    auto token = token_of(role);
    for (const auto& where : http::admin_routes()) {
      auto needed = http::role_needed(where.who);
      if (!needed)
        continue;
      // After signing out, the session has to begin anew for the routes that follow.
      bool signs_out = where.verb == http::method::del && where.path == "/admin/v1/session";
      auto status = ask(where, signs_out ? token_of(role) : token).status;
      BOOST_TEST((status == 403) == !suffices(role, *needed),
                 to_string(role) << " at " << where.path << " gets " << status);
      BOOST_TEST(status != 401);
      BOOST_TEST(status < 500);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_a_session_nobody_gets_in) {
  for (const auto& where : http::admin_routes())
    if (http::role_needed(where.who))
      for (const auto* token : {"", "op_", "op_0000", "nonsense"})
        BOOST_TEST(ask(where, token).status == 401, where.path);
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_role_that_it_takes) {
  auto answer = with_token("POST", "/admin/v1/operators", token_of(operator_role::support), "{}");
  BOOST_TEST(answer.status == 403);
  BOOST_TEST(answer.json()["message"].asString()
             == "this takes the role admin, and support@operators.example has support");
}

BOOST_AUTO_TEST_CASE(nobody_learns_what_of_a_sign_in_was_wrong) {
  add(operator_role::viewer);
  auto wrong = sign_in(email_of(operator_role::viewer), "another password");
  auto unknown = sign_in("stranger@operators.example", "another password");
  BOOST_TEST(wrong.status == 401);
  BOOST_TEST(unknown.status == 401);
  BOOST_TEST(wrong.json()["message"] == unknown.json()["message"]);
}

BOOST_AUTO_TEST_CASE(wrong_tries_are_paced_whoever_s_address_it_is) {
  for (const std::string email : {"guessed@operators.example", "nobody-at-all@operators.example"}) {
    if (email.starts_with("guessed"))
      here.admin_post("/admin/v1/operators",
                      R"({"email":")" + email
                        + R"(","role":"viewer","password":"a long password"})");
    for (int i = 0; i < 3; ++i)
      BOOST_TEST(sign_in(email, "a wrong password").status == 401);
    // Even the right one has to wait now.
    auto paced = sign_in(email, "a long password");
    BOOST_TEST(paced.status == 429);
    BOOST_TEST(std::stoi(paced.headers["retry-after"]) >= 1);
  }
}

BOOST_AUTO_TEST_CASE(
  an_account_that_is_closed_is_out_at_once_and_comes_in_again_when_it_is_opened) {
  const std::string email = "leaver@operators.example";
  const std::string path = "/admin/v1/operators/" + email;
  here.admin_post("/admin/v1/operators",
                  R"({"email":")" + email + R"(","role":"support","password":"a long password"})");
  auto token = sign_in(email, "a long password").json()["token"].asString();
  BOOST_TEST(with_token("GET", "/admin/v1/session", token).json()["name"].asString() == email);
  BOOST_TEST(here.admin_post(path + "/disable", "{}").status == 200);
  BOOST_TEST(with_token("GET", "/admin/v1/session", token).status == 401);
  BOOST_TEST(sign_in(email, "a long password").status == 401);
  BOOST_TEST(here.admin_post(path + "/disable", "{}").status == 404);
  auto opened = here.admin_post(path + "/role", R"({"role":"finance"})");
  BOOST_TEST(opened.status == 200);
  auto again = sign_in(email, "a long password");
  BOOST_TEST(again.json()["role"].asString() == "finance");
  // Another password ends what was begun with the one before.
  BOOST_TEST(here.admin_post(path + "/password", R"({"password":"another password"})").status
             == 200);
  auto ended = with_token("GET", "/admin/v1/session", again.json()["token"].asString());
  BOOST_TEST(ended.status == 401);
  BOOST_TEST(sign_in(email, "another password").status == 200);
  BOOST_TEST(is_mailed(email, "Your MeiSIM password was set"));
}

BOOST_AUTO_TEST_CASE(an_address_has_one_account) {
  add(operator_role::viewer);
  auto again =
    here.admin_post("/admin/v1/operators", R"({"email":"viewer@operators.example","role":"admin",)"
                                           R"("password":"another password"})");
  BOOST_TEST(again.status == 409);
  BOOST_TEST(again.json()["message"].asString() == "email has an account already");
}

BOOST_AUTO_TEST_CASE(where_codes_are_asked_for_a_password_alone_is_not_enough) {
  const std::string email = "careful@operators.example";
  here.admin_post("/admin/v1/operators",
                  R"({"email":")" + email + R"(","role":"viewer","password":"a long password"})");
  auto set = here.admin_post("/admin/v1/operators/" + email + "/totp", R"({"on":true})").json();
  auto secret = set["secret"].asString();
  BOOST_TEST(set["otpauthUrl"].asString().find("secret=" + secret) != std::string::npos);
  BOOST_TEST(sign_in(email, "a long password").status == 401);
  BOOST_TEST(sign_in(email, "a long password", "000000").status == 401);
  BOOST_TEST(here.admin_post("/admin/v1/operators/" + email + "/totp", R"({"on":false})")
               .json()["secret"]
               .isNull());
  BOOST_TEST(sign_in(email, "a long password").status == 200);
  // The owner hears of both, whoever did it.
  BOOST_TEST(is_mailed(email, "A second factor was set for MeiSIM"));
  BOOST_TEST(is_mailed(email, "The second factor for MeiSIM was removed"));
}

BOOST_AUTO_TEST_SUITE_END()

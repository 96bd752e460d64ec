#include "persistence/base/session.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

// What scripts sign in with.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : service {
  web_reply with_token(const std::string& method, const std::string& path, const std::string& token,
                       const std::string& body = {}) const {
    return call({method,
                 admin_url() + path,
                 {"Authorization: Bearer " + token, "Content-Type: application/json"},
                 body});
  }

  web_reply make(const std::string& name, const std::string& role,
                 const std::string& expires = "2099-01-01T00:00:00Z") const {
    return admin_post("/admin/v1/tokens", R"({"name":")" + name + R"(","role":")" + role
                                            + R"(","expiresAt":")" + expires + R"("})");
  }

  long status_of(const std::string& token) const {
    return with_token("GET", "/admin/v1/session", token).status;
  }

  /// The token of an operator's session with the role admin.
  std::string signed_in() const {
    admin_post("/admin/v1/operators",
               R"({"email":"ann@example.com","role":"admin","password":"a long password"})");
    auto session = call({"POST",
                         admin_url() + "/admin/v1/session",
                         {"Content-Type: application/json"},
                         R"({"email":"ann@example.com","password":"a long password"})"});
    BOOST_REQUIRE_EQUAL(session.status, 200);
    return session.json()["token"].asString();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tokens_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_script_has_a_token_of_its_own_with_a_role_and_an_end) {
  auto made = make("backup", "support").json();
  auto token = made["token"].asString();
  auto who = with_token("GET", "/admin/v1/session", token).json();
  BOOST_TEST(who["name"].asString() == "token:backup");
  BOOST_TEST(who["role"].asString() == "support");
  BOOST_TEST(with_token("GET", "/admin/v1/tokens", token).status == 403);
  BOOST_TEST(with_token("DELETE", "/admin/v1/session", token).status == 409);
  auto listed = admin_get("/admin/v1/tokens");
  BOOST_TEST(listed.body.find(token) == std::string::npos);
  BOOST_REQUIRE_EQUAL(listed.json().size(), 2u);
  BOOST_TEST(listed.json()[1]["expiresAt"].asString() == "2099-01-01T00:00:00Z");
  BOOST_TEST(make("backup", "viewer").status == 409);
  database db{database_connection(), "test"};
  db.session() << "UPDATE operator_tokens SET expires_at = now() WHERE name = 'backup'";
  BOOST_TEST(status_of(token) == 401);
  BOOST_TEST(make("backup", "viewer").status == 200);
  BOOST_TEST(status_of(token) == 401);
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_refused) {
  BOOST_TEST(make("Backup", "viewer").json()["field"].asString() == "name");
  BOOST_TEST(make("automation", "viewer").json()["field"].asString() == "name");
  BOOST_TEST(make("backup", "owner").json()["field"].asString() == "role");
  BOOST_TEST(make("backup", "viewer", "2020-01-01T00:00:00Z").json()["field"].asString()
             == "expiresAt");
  BOOST_TEST(make("backup", "viewer", "never").json()["field"].asString() == "expiresAt");
  BOOST_TEST(admin_get("/admin/v1/tokens").json().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_token_is_disabled_at_once_and_may_be_enabled_again) {
  auto token = make("nightly", "viewer").json()["token"].asString();
  BOOST_TEST(admin_post("/admin/v1/tokens/nightly/disable", "{}").status == 200);
  BOOST_TEST(status_of(token) == 401);
  BOOST_TEST(admin_post("/admin/v1/tokens/nightly/disable", "{}").status == 409);
  BOOST_TEST(admin_post("/admin/v1/tokens/nightly/enable", "{}").status == 200);
  BOOST_TEST(status_of(token) == 200);
  auto events = admin_get("/admin/v1/audit?subject=nightly");
  BOOST_TEST(events.body.find("operator_token.closed") != std::string::npos);
  BOOST_TEST(events.body.find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_admin_token_is_disabled_like_any_other_once_somebody_else_can_get_in) {
  auto disable = "/admin/v1/tokens/automation/disable";
  BOOST_TEST(admin_post(disable, "{}").status == 409);
  auto ann = signed_in();
  BOOST_TEST(with_token("POST", disable, ann, "{}").status == 200);
  BOOST_TEST(comes_true([&] { return admin_get("/admin/v1/tokens").status == 401; }));
  auto of_ann = std::string{"/admin/v1/operators/ann@example.com"};
  auto demote = [&] { return with_token("POST", of_ann + "/role", ann, R"({"role":"viewer"})"); };
  BOOST_TEST(with_token("POST", of_ann + "/disable", ann, "{}").status == 409);
  BOOST_TEST(demote().status == 409);
  auto again = with_token("POST", "/admin/v1/tokens/automation/enable", ann, "{}");
  BOOST_TEST(again.status == 200);
  BOOST_TEST(comes_true([&] { return admin_get("/admin/v1/tokens").status == 200; }));
  BOOST_TEST(demote().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

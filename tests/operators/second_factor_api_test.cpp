#include "tests/fixtures/authenticator.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <string>

// Roles of operators that take a one-time code beside the password.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here =
    shared_service({"--rate-limits", "off", "--operator-second-factor", "admin,finance"});

  void add(const std::string& email, const std::string& role) const {
    auto added =
      here.admin_post("/admin/v1/operators", R"({"email":")" + email + R"(","role":")" + role
                                               + R"(","password":"a long password"})");
    BOOST_REQUIRE_EQUAL(added.status, 200);
  }

  web_reply sign_in(const std::string& email, const std::string& rest = {}) const {
    return call({"POST",
                 here.admin_url() + "/admin/v1/session",
                 {"Content-Type: application/json"},
                 R"({"email":")" + email + R"(","password":"a long password")" + rest + "}"});
  }

  long status_with(const std::string& token) const {
    return call({"GET",
                 here.admin_url() + "/admin/v1/session",
                 {"Authorization: Bearer " + token},
                 {}})
      .status;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(second_factor_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_password_alone_lets_in_only_whose_role_takes_no_more) {
  const std::string email = "ann@factor.example";
  add(email, "admin");
  add("vic@factor.example", "viewer");
  BOOST_TEST(sign_in("vic@factor.example").status == 200);
  auto refused = sign_in(email);
  BOOST_TEST(refused.status == 401);
  BOOST_TEST(refused.json()["message"].asString().find("the role admin takes a one-time code")
             == 0U);
  // The token for automation sets up the first one.
  auto set = here.admin_post("/admin/v1/operators/" + email + "/totp", R"({"on":true})").json();
  BOOST_TEST(sign_in(email).status == 401);
  auto code = R"(,"code":")" + code_at(set["secret"].asString(), now()) + '"';
  auto let_in = sign_in(email, code);
  BOOST_TEST(let_in.status == 200);
  BOOST_TEST(status_with(let_in.json()["token"].asString()) == 200);
}

BOOST_AUTO_TEST_CASE(a_session_is_not_carried_into_a_role_that_takes_more) {
  const std::string email = "fin@factor.example";
  add(email, "viewer");
  auto token = sign_in(email).json()["token"].asString();
  BOOST_TEST(status_with(token) == 200);
  auto raised = here.admin_post("/admin/v1/operators/" + email + "/role", R"({"role":"finance"})");
  BOOST_TEST(raised.status == 200);
  BOOST_TEST(status_with(token) == 401);
  BOOST_TEST(sign_in(email).status == 401);
}

BOOST_AUTO_TEST_SUITE_END()

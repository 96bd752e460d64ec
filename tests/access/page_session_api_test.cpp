#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

// The session that our own pages have in a cookie.

using namespace meisim::test;

namespace {

constexpr auto from_own_page = "Sec-Fetch-Site: same-origin";

service& here() {
  return shared_service();
}

std::string by_password(const std::string& email, const std::string& password = "a-password") {
  return R"({"email":")" + email + R"(","password":")" + password + "\"}";
}

/// The cookie as a browser sends it back.
std::string cookie_of(const web_reply& signed_in) {
  const auto& given = signed_in.headers.at("set-cookie");
  return "Cookie: theme=dark; " + given.substr(0, given.find(';'));
}

std::string session_of(const service::account& owner) {
  return cookie_of(here().post("/dealer/session", by_password(owner.email)));
}

std::string mailed_code(const std::string& email) {
  here().post("/dealer/send-otp", R"({"email":")" + email + "\"}");
  std::string mail;
  BOOST_TEST_REQUIRE(comes_true([&] {
    mail = here().mails_to(email);
    return mail.find("one-time code is:") != std::string::npos;
  }));
  return mail.substr(mail.find_first_of("0123456789", mail.find("one-time code is:")), 6);
}

} // namespace

BOOST_AUTO_TEST_SUITE(page_session_api_suite)

BOOST_AUTO_TEST_CASE(a_session_opens_all_that_the_account_may_use_and_no_script_can_read_it) {
  auto owner = here().add_dealer("10.00");
  auto opened = here().post("/dealer/session", by_password(owner.email));
  BOOST_TEST(opened.status == 200);
  BOOST_TEST(opened.json()["dealer"]["portal"].asBool());
  BOOST_TEST(opened.body.find("eyJ") == std::string::npos);
  const auto& given = opened.headers["set-cookie"];
  for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Max-Age=43200", "; Path=/"})
    BOOST_TEST(given.find(part) != std::string::npos, given);
  BOOST_TEST(given.find("Secure") == std::string::npos);
  auto session = cookie_of(opened);
  BOOST_TEST(here().get("/dealer/wallet", {session}).json()["balance"].asDouble() == 10);
  BOOST_TEST(here().get("/api/portal/v1/wallet", {session}).status == 200);
  BOOST_TEST(here().get("/dealer/session", {session}).json()["dealer"]["email"].asString()
             == owner.email);
}

BOOST_AUTO_TEST_CASE(over_https_the_cookie_is_kept_from_what_is_not_encrypted) {
  const std::string origin = "Origin: https://meisimusa.com";
  auto owner = here().add_dealer("0");
  auto opened = here().post("/dealer/session", by_password(owner.email), {origin});
  const auto& given = opened.headers["set-cookie"];
  BOOST_TEST(given.starts_with("__Host-page_session="), given);
  BOOST_TEST(given.find("; Path=/;") != std::string::npos, given);
  BOOST_TEST(given.ends_with("; Secure"), given);
  auto session = cookie_of(opened);
  BOOST_TEST(here().get("/dealer/wallet", {session}).status == 200);
  BOOST_TEST(here().get("/dealer/wallet", {session, "X-Forwarded-Proto: https"}).status == 200);
  auto ended = here().remove("/dealer/session", {session, origin, "Sec-Fetch-Site: same-origin"});
  BOOST_TEST(ended.headers["set-cookie"].starts_with("__Host-page_session=; Max-Age=0; Path=/;"));
  BOOST_TEST(ended.headers["set-cookie"].ends_with("; Secure"));
}

BOOST_AUTO_TEST_CASE(over_https_a_cookie_that_a_neighbour_could_have_set_is_not_taken) {
  auto session = session_of(here().add_dealer("0"));
  BOOST_TEST(here().get("/dealer/wallet", {session}).status == 200);
  BOOST_TEST(here().get("/dealer/wallet", {session, "X-Forwarded-Proto: https"}).status == 401);
}

BOOST_AUTO_TEST_CASE(what_another_site_has_a_browser_send_changes_nothing) {
  auto session = session_of(here().add_dealer("0"));
  auto topup = [&](const std::vector<std::string>& said) {
    std::vector<std::string> headers{session};
    headers.insert(headers.end(), said.begin(), said.end());
    return here().post("/dealer/topup", R"({"amountUsd":100})", headers).status;
  };
  BOOST_TEST(topup({}) == 403);
  BOOST_TEST(topup({"Sec-Fetch-Site: cross-site"}) == 403);
  BOOST_TEST(topup({"Sec-Fetch-Site: same-site"}) == 403);
  BOOST_TEST(topup({"Sec-Fetch-Site: none"}) == 403);
  BOOST_TEST(topup({"Origin: https://elsewhere.example"}) == 403);
  BOOST_TEST(topup({"Origin: null"}) == 403);
  BOOST_TEST(topup({"Sec-Fetch-Site: cross-site", "Origin: http://127.0.0.1"}) == 403);
  BOOST_TEST(topup({from_own_page}) == 200);
  BOOST_TEST(topup({"Host: shop.example:8080", "Origin: http://shop.example:8080"}) == 200);
}

BOOST_AUTO_TEST_CASE(the_cookies_token_is_good_in_the_cookie_alone) {
  auto owner = here().add_dealer("0");
  auto session = session_of(owner);
  auto token = session.substr(session.find("eyJ"));
  BOOST_TEST(here().get("/dealer/wallet", {"Authorization: Bearer " + token}).status == 401);
  BOOST_TEST(here().get("/api/portal/v1/wallet", {"Authorization: Bearer " + token}).status == 401);
  auto bearer = owner.portal_header.substr(owner.portal_header.find("eyJ"));
  BOOST_TEST(here().get("/api/portal/v1/wallet", {"Cookie: page_session=" + bearer}).status == 401);
}

BOOST_AUTO_TEST_CASE(a_code_opens_a_session_once_and_leaves_no_key) {
  auto owner = here().add_dealer("0");
  auto keys = here().get("/dealer/keys", {owner.key_header}).json()["keys"].size();
  auto code = mailed_code(owner.email);
  auto body = R"({"email":")" + owner.email + R"(","code":")" + code + "\"}";
  auto opened = here().post("/dealer/session", body);
  BOOST_TEST(opened.status == 200);
  BOOST_TEST(here().get("/dealer/wallet", {cookie_of(opened)}).status == 200);
  BOOST_TEST(here().post("/dealer/session", body).status == 401);
  BOOST_TEST(here().get("/dealer/keys", {owner.key_header}).json()["keys"].size() == keys);
}

BOOST_AUTO_TEST_CASE(a_session_ends_with_the_password_and_signing_out_takes_the_cookie_back) {
  auto owner = here().add_dealer("0");
  auto session = session_of(owner);
  BOOST_TEST(here().post("/dealer/session", by_password(owner.email, "wrong")).status == 401);
  auto changed = R"({"email":")" + owner.email
                 + R"(","password":"another-password","currentPassword":"a-password"})";
  BOOST_TEST(here().post("/dealer/auth/set-password", changed, {owner.key_header}).status == 200);
  BOOST_TEST(here().get("/dealer/session", {session}).status == 401);
  auto next =
    cookie_of(here().post("/dealer/session", by_password(owner.email, "another-password")));
  BOOST_TEST(here().remove("/dealer/session", {next}).status == 403);
  auto ended = here().remove("/dealer/session", {next, from_own_page});
  BOOST_TEST(ended.status == 200);
  BOOST_TEST(ended.headers["set-cookie"].starts_with("page_session=; Max-Age=0"));
  BOOST_TEST(here().get("/dealer/session", {next}).status == 401);
}

BOOST_AUTO_TEST_CASE(one_signs_in_by_password_or_by_code) {
  for (const char* body :
       {R"({"email":"a@b.example"})", R"({"email":"a@b.example","code":"12345"})",
        R"({"email":"a@b.example","code":"abcdef"})"})
    BOOST_TEST(here().post("/dealer/session", body).status == 400, body);
}

BOOST_AUTO_TEST_SUITE_END()

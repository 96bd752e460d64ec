#include "http/edge/embedded_files.hpp"
#include "tests/fixtures/shared_service.hpp"

// The console as the node serves it, and the session that it has in a cookie. What it does in a
// browser, portal/stories tells.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr auto from_own_page = "Sec-Fetch-Site: same-origin";

struct fixture {
  service& here = shared_service();

  web_reply ask(const std::string& method, const std::string& path,
                std::vector<std::string> headers = {}, const std::string& body = {}) const {
    headers.emplace_back("Content-Type: application/json");
    return call({method, here.admin_url() + path, std::move(headers), body});
  }

  /// Gives somebody an account, and signs them in as the page does.
  web_reply sign_in(const std::string& email, const std::string& role,
                    const std::vector<std::string>& headers = {}) const {
    here.admin_post("/admin/v1/operators", R"({"email":")" + email + R"(","role":")" + role
                                             + R"(","password":"a long password"})");
    return ask("POST", "/admin/v1/session", headers,
               R"({"email":")" + email + R"(","password":"a long password","cookie":true})");
  }

  /// The cookie as a browser sends it back.
  static std::string cookie_of(const web_reply& signed_in) {
    const auto& given = signed_in.headers.at("set-cookie");
    return "Cookie: theme=dark; " + given.substr(0, given.find(';'));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(console_api_suite, fixture)

BOOST_AUTO_TEST_CASE(the_page_stands_on_the_operators_port_alone) {
  if (http::portal_files().empty())
    return;
  for (const char* path : {"/console", "/console/orders?q=x", "/console/orders/MM-AB12CD",
                           "/console/dealers/jo@example.com"}) {
    auto page = ask("GET", path);
    BOOST_TEST(page.status == 200, path);
    BOOST_TEST(page.headers["cache-control"] == "no-store");
    const auto& policy = page.headers["content-security-policy"];
    BOOST_TEST(policy.find("script-src 'self';") != std::string::npos, policy);
    BOOST_TEST(policy.find("unsafe") == std::string::npos);
    BOOST_TEST(here.get(path).status == 404, path);
  }
  auto start = ask("GET", "/");
  BOOST_TEST(start.status == 302);
  BOOST_TEST(start.headers["location"] == "/console");
  auto page = ask("GET", "/console").body;
  constexpr std::string_view lead = "src=\"";
  auto begin = page.find(lead) + lead.size();
  auto script = page.substr(begin, page.find('"', begin) - begin);
  BOOST_TEST(script.starts_with("/console/assets/"));
  auto packed = ask("GET", script, {"Accept-Encoding: gzip, br"});
  BOOST_TEST(packed.headers["content-encoding"] == "br");
  BOOST_TEST(packed.headers["cache-control"] == "public, max-age=31536000, immutable");
  BOOST_TEST(ask("GET", script, {"If-None-Match: " + ask("GET", script).headers["etag"]}).status
             == 304);
  BOOST_TEST(ask("GET", "/console/orders/x.js").status == 404);
  // Under no name does the public port hand out the console's script, nor this one the dealers'.
  auto name = script.substr(script.rfind('/'));
  BOOST_TEST(here.get(script).status == 404);
  BOOST_TEST(here.get("/portal/assets" + name).status == 404);
  BOOST_TEST(ask("GET", "/portal").status == 404);
}

BOOST_AUTO_TEST_CASE(no_script_can_read_the_session_and_nothing_else_gets_it) {
  auto opened = sign_in("page@operators.example", "support");
  BOOST_TEST(opened.status == 200);
  BOOST_TEST(opened.json()["token"].isNull());
  BOOST_TEST(opened.json()["role"].asString() == "support");
  BOOST_TEST(opened.body.find("op_") == std::string::npos);
  const auto& given = opened.headers["set-cookie"];
  BOOST_TEST(given.starts_with("console_session=op_"));
  for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Path=/admin;"})
    BOOST_TEST(given.find(part) != std::string::npos, given);
  BOOST_TEST(given.find("Secure") == std::string::npos);
  auto session = ask("GET", "/admin/v1/session", {cookie_of(opened)});
  BOOST_TEST(session.json()["name"].asString() == "page@operators.example");
  auto encrypted =
    sign_in("page@operators.example", "support", {"Origin: https://ops.meisimusa.com"});
  BOOST_TEST(encrypted.headers["set-cookie"].starts_with("__Secure-console_session=op_"));
  BOOST_TEST(encrypted.headers["set-cookie"].ends_with("; Secure"));
  BOOST_TEST(ask("GET", "/admin/v1/session", {cookie_of(encrypted)}).status == 200);
}

BOOST_AUTO_TEST_CASE(whoever_asks_for_no_cookie_gets_the_token_and_no_cookie) {
  sign_in("program@operators.example", "viewer");
  auto opened = ask("POST", "/admin/v1/session", {},
                    R"({"email":"program@operators.example","password":"a long password"})");
  BOOST_TEST(opened.json()["token"].asString().starts_with("op_"));
  BOOST_TEST(!opened.headers.contains("set-cookie"));
}

BOOST_AUTO_TEST_CASE(what_another_page_has_a_browser_send_changes_nothing) {
  auto session = cookie_of(sign_in("forged@operators.example", "admin"));
  auto hold = [&](const std::vector<std::string>& said) {
    std::vector<std::string> headers{session};
    headers.insert(headers.end(), said.begin(), said.end());
    return ask("POST", "/admin/v1/providers/p9/release", headers, "{}").status;
  };
  // The dealers' pages are on the same host, but not on the same port.
  for (const char* said : {"Accept: */*", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
                           "Sec-Fetch-Site: none", "Origin: https://elsewhere.example"})
    BOOST_TEST(hold({said}) == 403, said);
  BOOST_TEST(hold({from_own_page}) == 404);
  BOOST_TEST(ask("GET", "/admin/v1/session", {session}).status == 200);
}

BOOST_AUTO_TEST_CASE(signing_out_ends_the_session_is_told_and_leaves_others) {
  const std::string email = "leaves@operators.example";
  auto first = cookie_of(sign_in(email, "viewer"));
  auto second = cookie_of(sign_in(email, "viewer"));
  BOOST_TEST(ask("DELETE", "/admin/v1/session", {first}).status == 403);
  auto ended = ask("DELETE", "/admin/v1/session", {first, from_own_page});
  BOOST_TEST(ended.status == 200);
  BOOST_TEST(ended.headers["set-cookie"].starts_with("console_session=; Max-Age=0; Path=/admin"));
  BOOST_TEST(ask("GET", "/admin/v1/session", {first}).status == 401);
  BOOST_TEST(ask("DELETE", "/admin/v1/session", {first, from_own_page}).status == 401);
  BOOST_TEST(ask("GET", "/admin/v1/session", {second}).status == 200);
  auto told = here.admin_get("/admin/v1/audit?limit=1&subject=" + email).json()[0];
  BOOST_TEST(told["kind"].asString() == "sign_out");
  BOOST_TEST(told["actor"].asString() == email);
}

BOOST_AUTO_TEST_CASE(who_has_lost_a_device_ends_the_other_sessions_or_every_one) {
  const std::string email = "lost@operators.example";
  auto here_now = cookie_of(sign_in(email, "viewer"));
  auto lost = cookie_of(sign_in(email, "viewer"));
  auto of_another = cookie_of(sign_in("not-lost@operators.example", "viewer"));
  auto is_in = [&](const std::string& session) {
    return ask("GET", "/admin/v1/session", {session}).status == 200;
  };
  auto wrong = ask("DELETE", "/admin/v1/session?sessions=some", {here_now, from_own_page});
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(wrong.json()["field"].asString() == "sessions");
  BOOST_TEST(is_in(lost));
  auto others = ask("DELETE", "/admin/v1/session?sessions=others", {here_now, from_own_page});
  BOOST_TEST(others.status == 200);
  BOOST_TEST(!others.headers.contains("set-cookie"));
  BOOST_TEST(is_in(here_now));
  BOOST_TEST(!is_in(lost));
  auto second = cookie_of(sign_in(email, "viewer"));
  auto all = ask("DELETE", "/admin/v1/session?sessions=all", {second, from_own_page});
  BOOST_TEST(all.headers["set-cookie"].starts_with("console_session=; Max-Age=0"));
  BOOST_TEST(!is_in(here_now));
  BOOST_TEST(!is_in(second));
  BOOST_TEST(is_in(of_another));
}

BOOST_AUTO_TEST_SUITE_END()

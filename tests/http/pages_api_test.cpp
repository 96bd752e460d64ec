#include "tests/fixtures/shared_service.hpp"

// The pages as the node serves them. What they do in a browser, portal/stories tells.

using namespace meisim::test;

namespace {

service& here() {
  return shared_service();
}

/// The address of the page's script.
std::string script_path() {
  auto page = here().get("/portal").body;
  constexpr std::string_view lead = "src=\"";
  auto begin = page.find(lead);
  BOOST_TEST_REQUIRE(begin != std::string::npos, page);
  begin += lead.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

} // namespace

BOOST_AUTO_TEST_SUITE(pages_api_suite)

BOOST_AUTO_TEST_CASE(every_address_below_the_portal_is_answered_with_the_page) {
  for (const char* path : {"/portal", "/portal/wallet?type=debit", "/portal/orders/MM-AB12CD"}) {
    auto page = here().get(path);
    BOOST_TEST(page.status == 200, path);
    BOOST_TEST(page.headers["content-type"] == "text/html; charset=utf-8");
    BOOST_TEST(page.headers["cache-control"] == "no-store");
    BOOST_TEST(page.body.find("<div id=\"root\">") != std::string::npos);
  }
  auto slash = here().get("/portal/");
  BOOST_TEST(slash.status == 308);
  BOOST_TEST(slash.headers["location"] == "/portal");
  // What the address had encoded stays so, as it might be read as something else in the header.
  BOOST_TEST(here().get("/portal/orders/a%20%C3%A9%3B/").headers["location"]
             == "/portal/orders/a%20%C3%A9%3B");
  BOOST_TEST(here().get("/nothing/").status == 404);
  auto head = call({"HEAD", here().public_url() + "/portal", {}, {}});
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.body.empty());
}

BOOST_AUTO_TEST_CASE(whoever_types_the_host_alone_is_shown_the_way_to_the_pages) {
  for (const char* verb : {"GET", "HEAD"}) {
    auto start = call({verb, here().public_url() + "/", {}, {}});
    BOOST_TEST(start.status == 302);
    BOOST_TEST(start.headers["location"] == "/portal");
    BOOST_TEST(start.body.empty());
  }
  BOOST_TEST(here().get("/?utm_source=mail").headers["location"] == "/portal");
  // The address alone leads nowhere else.
  for (const char* path : {"/nothing", "/index.html"})
    BOOST_TEST(here().get(path).status == 404, path);
  BOOST_TEST(here().post("/", "{}").status == 405);
}

BOOST_AUTO_TEST_CASE(behind_tls_a_browser_is_told_to_come_by_nothing_else) {
  for (const char* path : {"/portal", "/api/v1/me"}) {
    auto by_tls = here().get(path, {"X-Forwarded-Proto: https"});
    BOOST_TEST(by_tls.headers["strict-transport-security"] == "max-age=31536000", path);
    BOOST_TEST(here().get(path).headers.count("strict-transport-security") == 0U, path);
  }
}

BOOST_AUTO_TEST_CASE(the_page_runs_nothing_but_its_own_scripts) {
  auto page = here().get("/portal");
  const auto& policy = page.headers["content-security-policy"];
  for (const char* rule :
       {"default-src 'none'", "script-src 'self';", "base-uri 'none'", "frame-ancestors 'none'"})
    BOOST_TEST(policy.find(rule) != std::string::npos, policy);
  BOOST_TEST(policy.find("unsafe") == std::string::npos);
  BOOST_TEST(policy.find("http") == std::string::npos);
  auto begin = policy.find("'nonce-") + 7;
  auto nonce = policy.substr(begin, policy.find('\'', begin) - begin);
  BOOST_TEST(nonce.size() == 32);
  BOOST_TEST(page.body.find(nonce) != std::string::npos);
  BOOST_TEST(here().get("/portal").headers["content-security-policy"] != policy);
}

BOOST_AUTO_TEST_CASE(files_are_kept_for_good_and_come_compressed_to_whoever_takes_that) {
  auto path = script_path();
  auto plain = here().get(path);
  BOOST_TEST(plain.status == 200);
  BOOST_TEST(plain.headers["cache-control"] == "public, max-age=31536000, immutable");
  BOOST_TEST(plain.headers["vary"] == "Accept-Encoding");
  BOOST_TEST(!plain.headers.contains("content-encoding"));
  for (const auto& [accepted, encoding] :
       std::map<std::string, std::string>{{"gzip, deflate, br", "br"},
                                          {"gzip", "gzip"},
                                          {"br;q=0, gzip;q=0.5", "gzip"},
                                          {"GZIP", "gzip"}}) {
    auto packed = here().get(path, {"Accept-Encoding: " + accepted});
    BOOST_TEST(packed.headers["content-encoding"] == encoding, accepted);
    BOOST_TEST(packed.body.size() < plain.body.size() / 2);
    BOOST_TEST(packed.headers["etag"] != plain.headers["etag"]);
  }
  BOOST_TEST(here().get(path, {"Accept-Encoding: identity"}).body == plain.body);
  auto again = here().get(path, {"If-None-Match: " + plain.headers["etag"]});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.body.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_none_is_not_found) {
  for (const char* path : {"/portal/assets/dealer.js", "/portal/favicon.ico", "/portal/dealer.html",
                           "/portal/assets/..%2fdealer.html", "/portal/orders/x.js"})
    BOOST_TEST(here().get(path).status >= 400, path);
  BOOST_TEST(here().get("/portal/assets/dealer.js").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

#include "tests/fixtures/api_document.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"

#include <set>
#include <tuple>

// Each row of the documented table of rate limits over HTTP. As many requests as promised pass,
// over all endpoints of the group, and the next one is told when to come again.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service here{{"--rate-limits", "on"}};
  std::string key_header = "x-dealer-key: " + issue_key();

  /// Without a login, since that would count.
  std::string issue_key() const {
    here.admin_post("/admin/v1/dealers",
                    R"({"email":"often@example.com","company":"Often","status":"approved"})");
    auto issued = here.admin_post("/admin/v1/dealers/often@example.com/keys", "{}");
    return issued.json()["apiKey"].asString();
  }

  /// A request that only counts. Its body lacks a required field, and its path names no order.
  web_reply ask(const http::route& where) const {
    std::vector<std::string> headers;
    if (where.who != http::access::open)
      headers.push_back(key_header);
    auto path = example_path(where);
    // No id of an event: a stream of them would go on.
    headers.emplace_back("Last-Event-ID: none");
    if (where.verb == http::method::get)
      return here.get(path, headers);
    if (where.verb == http::method::del)
      return here.remove(path, headers);
    return here.post(path, R"({"unknown":1})", headers);
  }
};

std::vector<const http::route*> routes_of(limit_class group) {
  std::vector<const http::route*> result;
  for (const auto& where : http::public_routes())
    if (where.limit == group)
      result.push_back(&where);
  return result;
}

long number(web_reply& answer, const std::string& header) {
  BOOST_REQUIRE_MESSAGE(answer.headers.contains(header), header << " is missing");
  return std::stol(answer.headers[header]);
}

void use_up(const fixture& f, limit_class group) {
  auto rule = documented_limit(group);
  auto routes = routes_of(group);
  BOOST_TEST_REQUIRE(!routes.empty());
  for (uint32_t i = 0; i < rule.count; ++i) {
    const auto& where = *routes[i % routes.size()];
    auto answer = f.ask(where);
    BOOST_TEST(answer.status != 429, where.path << " is refused at request " << i + 1);
    BOOST_TEST(number(answer, "ratelimit-limit") == rule.count);
    BOOST_TEST(number(answer, "ratelimit-remaining") == rule.count - i - 1);
    BOOST_TEST(number(answer, "ratelimit-reset") <= rule.window.count());
  }
  for (const auto* where : routes) {
    auto refused = f.ask(*where);
    BOOST_TEST(refused.status == 429, where->path << " is let in once more");
    BOOST_TEST(number(refused, "ratelimit-limit") == rule.count);
    BOOST_TEST(number(refused, "ratelimit-remaining") == 0);
    BOOST_TEST(number(refused, "retry-after") >= 1);
    BOOST_TEST(number(refused, "retry-after") <= rule.window.count());
    BOOST_TEST(number(refused, "ratelimit-reset") == number(refused, "retry-after"));
    BOOST_TEST(refused.json()["error"].asString() == "Rate limit exceeded");
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(behind_a_trusted_proxy_each_client_has_limits_of_its_own) {
  service here{{"--rate-limits", "on", "--trusted-proxy", "10.0.0.0/8,127.0.0.1"}};
  auto ask = [&](const std::string& client) {
    return here.post("/dealer/send-otp", R"({"email":"nobody@example.com"})",
                     {"X-Forwarded-For: 203.0.113.9, " + client});
  };
  int let_in = 0;
  while (ask("198.51.100.7").status == 200)
    BOOST_TEST_REQUIRE(++let_in < 1'000);
  BOOST_TEST(let_in > 0);
  BOOST_TEST(ask("198.51.100.7").status == 429);
  BOOST_TEST(ask("198.51.100.8").status == 200);
}

BOOST_FIXTURE_TEST_CASE(each_documented_limit_holds_over_all_endpoints_of_its_group, fixture) {
  for (size_t i = 1; i < limit_class_count; ++i)
    BOOST_TEST_CONTEXT("limit group " << i)
  if (static_cast<limit_class>(i) != limit_class::unknown_key)
    use_up(*this, static_cast<limit_class>(i));
  // There is one audit event for each limit that a dealer has reached.
  std::set<std::string> told;
  BOOST_TEST(comes_true([&] {
    told.clear();
    for (const auto& event :
         here.admin_get("/admin/v1/audit?subject=often@example.com&limit=1000").json())
      if (event["kind"].asString() == "limit.reached")
        BOOST_TEST(told.insert(event["after"]["route"].asString()).second);
    return told.size() == 6;
  }));
}

BOOST_FIXTURE_TEST_CASE(keys_that_are_not_ours_count_against_the_address_and_good_ones_do_not,
                        fixture) {
  auto rule = documented_limit(limit_class::unknown_key);
  auto try_key = [&](uint32_t i) {
    // Some requests are repeated, which also counts.
    return here.get("/api/v1/me", {"x-dealer-key: dk_wrong" + std::to_string(i / 2)});
  };
  BOOST_TEST(here.get("/api/v1/me", {key_header}).status == 200);
  for (uint32_t i = 0; i < rule.count; ++i)
    BOOST_TEST(try_key(i).status == 401);
  auto refused = try_key(rule.count);
  BOOST_TEST(refused.status == 429);
  BOOST_TEST(number(refused, "retry-after") >= 1);
  BOOST_TEST(here.get("/api/v1/me", {key_header}).status == 200);
}

#include "tests/fixtures/service.hpp"

// A second provider, with another wire format, by a line of configuration.

using namespace meisim::test;

namespace {

struct fixture {
  service here{{"--rate-limits", "off", "--provider",
                "p4=packages@{sandbox}/packages-api,concurrency=8,breaker-failures=2"}};
  service::account owner = here.add_dealer("100.00");

  web_reply post(const std::string& path, const std::string& body) const {
    return here.post(path, body, {owner.key_header});
  }

  /// How often one of the sandbox's providers has sold anything.
  int sold(const std::string& root) const {
    auto url = here.sandbox_url() + root + "/test/provider/orders";
    return call({"GET", url, {}, {}}).json()["count"].asInt();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(second_provider_suite, fixture)

BOOST_AUTO_TEST_CASE(what_bears_its_prefix_is_bought_looked_at_and_revoked_there) {
  // The same is on sale at both.
  for (const auto* name : {"esim_5gb_30days_jp", "p4:esim_5gb_30days_jp"}) {
    auto answer = post("/api/v1/esim/order", std::string{R"({"bundleName":")"} + name + R"("})");
    BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
    auto body = R"({"iccid":")" + answer.json()["Iccid"].asString() + "\"}";
    auto details = post("/api/v1/esim/details", body);
    BOOST_TEST(details.status == 200);
    // In the same form, whoever has sold it.
    BOOST_TEST(details.json()["Iccid"].asString() == answer.json()["Iccid"].asString());
    BOOST_TEST(details.json()["DataAllowanceMb"].asInt() == 5 * 1024);
    BOOST_TEST(post("/api/v1/esim/revoke", body).status == 200);
  }
  BOOST_TEST(sold("") == 1);
  BOOST_TEST(sold("/packages-api") == 1);
  for (const auto* product : {"p4:data-us-5gb", "p4:sandbox-flaky", "p4:sandbox-reject"}) {
    auto order = post("/dealer/order", std::string{R"({"productId":")"} + product
                                         + R"(","customerEmail":"e@example.com",)"
                                           R"("customerName":"E"})");
    BOOST_REQUIRE_MESSAGE(order.status == 200, order.body);
    auto ends = here.final_status(owner, order.json()["orderId"].asString());
    BOOST_TEST(ends == (std::string{product} == "p4:sandbox-reject" ? "failed" : "completed"));
  }
  BOOST_TEST(sold("") == 1);
  BOOST_TEST(sold("/packages-api") == 3);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(an_outage_of_one_is_none_of_the_other) {
  BOOST_REQUIRE(post("/api/v1/esim/order", R"({"bundleName":"p4:esim_5gb_30days_jp"})").status
                == 200);
  call({"POST",
        here.sandbox_url() + "/packages-api/test/provider/outage",
        {"Content-Type: application/json"},
        R"({"seconds":600})"});
  auto away = post("/api/v1/esim/order", R"({"bundleName":"p4:esim_5gb_30days_jp"})");
  BOOST_TEST(away.status == 503);
  BOOST_TEST(away.headers.contains("retry-after"));
  BOOST_TEST(post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})").status == 200);
  auto figures = here.admin_get("/metrics").body;
  BOOST_TEST(figures.find("meisim_provider_circuit{provider=\"p3\"} 0") != std::string::npos);
  BOOST_TEST(figures.find("meisim_provider_circuit{provider=\"p4\"} 2") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

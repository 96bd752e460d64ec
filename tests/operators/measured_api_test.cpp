#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

// A running service measures all that the alerts and dashboards of deploy/ ask for.

using namespace meisim::test;

namespace {

std::set<std::string> metrics_in(const std::string& file) {
  std::ifstream in{source_folder() + "/deploy/" + file};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  BOOST_REQUIRE(!text.empty());
  static const std::regex name{"\\bmeisim_[a-z_]+"};
  static const std::regex of_histogram{"_(bucket|sum|count)$"};
  std::set<std::string> result;
  for (std::sregex_iterator found{text.begin(), text.end(), name}; found != std::sregex_iterator{};
       ++found)
    result.insert(std::regex_replace(found->str(), of_histogram, ""));
  return result;
}

struct fixture {
  // Nothing listens there, but what is sent is measured.
  service here{{"--rate-limits", "off", "--webhook-any-address", "--simulated-devices", "1",
                "--simulated-latency-ms", "1"}};
  service::account owner = here.add_dealer("100.00");

  bool is_measured(const std::string& name) const {
    auto metrics = call({"GET", here.admin_url() + "/metrics", {}, {}}).body;
    return metrics.find("# TYPE " + name + ' ') != std::string::npos;
  }

  /// A day's work: an order, a batch, a card payment, a webhook, a proof.
  void work() const {
    auto post = [&](const char* path, const std::string& body) {
      auto answer = here.post(path, body, {owner.key_header});
      BOOST_REQUIRE_EQUAL(answer.status, 200);
      return answer.json();
    };
    post("/dealer/webhooks", R"({"url":"http://127.0.0.1:1/","events":["*"]})");
    auto order =
      post("/dealer/order", R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com",)"
                            R"("customerName":"E"})");
    BOOST_TEST(here.final_status(owner, order["orderId"].asString()) == "completed");
    post("/dealer/esim-verify", R"({"lpas":["LPA:1$a.example.com$AVAILABLE-1"]})");
    auto page = post("/dealer/topup", R"({"amountUsd":100})")["checkoutUrl"].asString();
    auto session = page.substr(page.rfind('/') + 1);
    auto paid = call({"POST", here.sandbox_url() + "/test/stripe/pay/" + session, {}, {}});
    BOOST_REQUIRE_EQUAL(paid.status, 200);
    BOOST_TEST(here.is_ledger_ok());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(measured_api_suite, fixture)

BOOST_AUTO_TEST_CASE(what_alerts_and_dashboards_ask_for_is_measured) {
  work();
  for (const auto* file : {"prometheus/rules.yml", "grafana/business.json", "grafana/machine.json"})
    for (const auto& name : metrics_in(file)) {
      // Only nodes of a cluster have certificates.
      if (name == "meisim_certificate_expiry_timestamp_seconds")
        continue;
      BOOST_TEST(comes_true([&] { return is_measured(name); }), name << " of " << file);
    }
}

BOOST_AUTO_TEST_SUITE_END()

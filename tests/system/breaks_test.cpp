#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/ctl.hpp"
#include "tests/fixtures/private_postgres.hpp"
#include "tests/money/stripe_service.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// Faults that come at three in the morning, each with the metric of its alert
// (deploy/prometheus/rules.yml), the line of `meisimctl status`, and the command that ends it.

using namespace meisim;
using namespace meisim::test;

namespace {

/// The sum of a metric, or its value with these labels.
double measured(const service& here, const std::string& name,
                const std::vector<std::string>& labels = {}) {
  std::istringstream lines{call({"GET", here.admin_url() + "/metrics", {}, {}}).body};
  double sum = 0;
  for (std::string line; std::getline(lines, line);) {
    bool is_wanted = line.starts_with(name + ' ') || line.starts_with(name + '{');
    for (const auto& label : labels)
      is_wanted = is_wanted && line.find(label) != std::string::npos;
    if (is_wanted)
      sum += std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

bool status_says(const service& here, const std::string& text) {
  auto status = ctl(here, "status");
  return status.status == 1 && status.says(text);
}

bool comes_to_say(const service& here, const std::string& text) {
  return comes_true([&] { return status_says(here, text); });
}

std::string order(const service& here, const service::account& owner, const std::string& product) {
  auto placed = here.post("/dealer/order",
                          R"({"productId":")" + product
                            + R"(","customerEmail":"e@example.com","customerName":"E"})",
                          {owner.key_header});
  BOOST_REQUIRE_EQUAL(placed.status, 200);
  return placed.json()["orderId"].asString();
}

void done(const ended_program& command) {
  BOOST_TEST(command.status == 0, command.output);
}

} // namespace

BOOST_AUTO_TEST_SUITE(breaks_suite)

BOOST_AUTO_TEST_CASE(a_provider_that_refuses_all_orders) {
  service here;
  auto owner = here.add_dealer("1000.00");
  for (int i = 0; i < 6; ++i)
    BOOST_TEST(here.final_status(owner, order(here, owner, "p3:sandbox-reject")) == "failed");
  // MeisimProviderRefusesOrders
  const std::string orders = "meisim_provider_orders_total";
  auto refused = measured(here, orders, {R"(outcome="refused")"});
  BOOST_TEST(refused > 0.5 * measured(here, orders));
  BOOST_TEST(comes_to_say(here, "has refused the last 6 orders"));
  BOOST_TEST(ctl(here, "order list --status failed").says("p3:sandbox-reject"));
  done(ctl(here, "provider hold p3 --reason 'asking them'"));
  auto waiting = order(here, owner, "p3:data-us-5gb");
  done(ctl(here, "provider release p3"));
  BOOST_TEST(here.final_status(owner, waiting) == "completed");
  BOOST_TEST(comes_true([&] { return !status_says(here, "has refused the last"); }));
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_mail_folder_that_takes_nothing) {
  service here;
  auto owner = here.add_dealer("100.00");
  const std::filesystem::path mails = here.home() + "/mail";
  const std::filesystem::path away = here.home() + "/mail-away";
  std::filesystem::rename(mails, away);
  // As a full disk: no file can be made there.
  std::ofstream{mails} << "full";
  BOOST_TEST(here.final_status(owner, order(here, owner, "p3:data-us-5gb")) == "completed");
  BOOST_REQUIRE(
    comes_true([&] { return ctl(here, "job list --failed --kind mail").says("cannot write"); }));
  database db{here.database_connection(), "test"};
  db.session() << "UPDATE jobs SET failing_since = now() - interval '11 minutes' "
                  "WHERE kind = 'mail' AND failing_since IS NOT NULL";
  // MeisimMailLate
  BOOST_TEST(comes_true(
    [&] { return measured(here, "meisim_job_oldest_seconds", {R"(kind="mail")"}) > 600; }));
  BOOST_TEST(comes_to_say(here, "meisimctl job list --failed"));
  std::filesystem::remove(mails);
  std::filesystem::rename(away, mails);
  // What the next try would find in a minute at most.
  db.session() << "UPDATE jobs SET run_at = now() WHERE kind = 'mail'";
  BOOST_TEST(comes_true([&] { return !here.mails_to("e@example.com").empty(); }));
  BOOST_TEST(comes_true([&] { return !status_says(here, "meisimctl job list --failed"); }));
}

BOOST_AUTO_TEST_CASE(a_webhook_secret_that_is_wrong) {
  stripe_service here;
  auto id = here.session();
  done(ctl(here, "key rotate stripe-webhook --at-once", "echo whsec_of_somebody_else |"));
  const std::string body = R"({"id":"evt_1","type":"customer.created","data":{"object":{}}})";
  for (int i = 0; i < 4; ++i)
    BOOST_TEST(here.signed_webhook(body).status == 400);
  here.stripe("pay/" + id);
  // MeisimStripeEventsRefused
  const std::vector<std::string> refused{R"(route="/stripe/webhook")", R"(status="400")"};
  BOOST_TEST(comes_true([&] { return measured(here, "meisim_requests_total", refused) > 3; }));
  BOOST_TEST(comes_to_say(here, "events bear another signature: meisimctl key rotate"));
  BOOST_TEST(here.balance() == 0);
  done(ctl(here, "key rotate stripe-webhook", std::string{"echo "} + stripe_webhook_secret + " |"));
  BOOST_TEST(here.signed_webhook(body).status == 200);
  // Stripe sends refused events again; this fetches the rest.
  done(ctl(here, "payment replay " + id));
  BOOST_TEST(comes_true([&] { return here.balance() == 100; }));
  BOOST_TEST(!status_says(here, "another signature"));
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_database_that_is_gone) {
  private_postgres postgres;
  service here{{"--rate-limits", "off"}, postgres.connection()};
  auto owner = here.add_dealer("100.00");
  postgres.stop_fast();
  // MeisimDatabaseDown
  BOOST_TEST(comes_true([&] { return measured(here, "meisim_database_up") == 0; }));
  BOOST_TEST(comes_to_say(here, "PostgreSQL does not answer"));
  postgres.start();
  BOOST_TEST(comes_true([&] { return !status_says(here, "PostgreSQL does not answer"); }));
  BOOST_TEST(comes_true([&] { return measured(here, "meisim_database_up") == 1; }));
  BOOST_TEST(here.final_status(owner, order(here, owner, "p3:data-us-5gb")) == "completed");
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_bad_lot_that_is_sold) {
  service here{
    {"--rate-limits", "off", "--simulated-devices", "2", "--simulated-latency-ms", "10"}};
  auto owner = here.add_dealer("3000.00");
  const std::string portal = "/api/portal/v1";
  auto sku = here.get(portal + "/services/esim_supply_att/skus", {owner.portal_header})
               .json()["skus"][0]["id"]
               .asString();
  auto buy = [&](int quantity) {
    auto bought =
      here.post(portal + "/services/esim_supply_att/execute",
                R"({"sku_id":")" + sku + R"(","quantity":)" + std::to_string(quantity) + '}',
                {owner.portal_header});
    BOOST_REQUIRE_EQUAL(bought.status, 200);
    return bought.json()["result"]["esims"];
  };
  // The demonstration's stock goes first.
  buy(500);
  std::string lines = "iccid,lpa\n";
  for (int i = 10; i < 20; ++i)
    lines += "8901410999000001" + std::to_string(i) + ",LPA:1$smdp.example.com$UNKNOWN-"
             + std::to_string(i) + '\n';
  auto imported = here.admin_post("/admin/v1/inventory/att/qr?lot=L-9", lines);
  BOOST_REQUIRE_EQUAL(imported.json()["imported"].asInt(), 10);
  auto sold = buy(6);
  for (const auto& esim : sold)
    BOOST_TEST(here
                 .post(portal + "/esim-supply/replace",
                       R"({"iccid":")" + esim["iccid"].asString() + "\"}", {owner.portal_header})
                 .status
               == 200);
  // MeisimLotBad
  BOOST_TEST(comes_true([&] { return measured(here, "meisim_stock_claims") >= 5; }));
  BOOST_TEST(comes_to_say(here, "eSIMs of one lot are said to be broken"));
  auto withdrawn = ctl(here, "inventory withdraw --lot L-9 --reason recalled");
  done(withdrawn);
  BOOST_TEST(withdrawn.says(sold[0]["iccid"].asString()), withdrawn.output);
  BOOST_TEST(comes_true([&] { return measured(here, "meisim_stock_claims") == 0; }));
  BOOST_TEST(comes_true([&] { return !status_says(here, "are said to be broken"); }));
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()

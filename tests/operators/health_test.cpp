#include "actors/operators/health.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <map>
#include <string>

// What the metrics mean for an operator.

using namespace meisim;

namespace {

struct fixture {
  prometheus::Registry registry;
  instant time = from_micros(1'800'000'000'000'000);

  fixture() {
    // As it is on a good day.
    set("meisim_database_up", 1);
    set("meisim_provider_circuit", 0, {{"provider", "p3"}});
    set("meisim_provider_account_refused", 0, {{"provider", "p3"}});
    set("meisim_stripe_circuit", 0);
    set("meisim_cluster_members", 1);
  }

  void set(const std::string& name, double value,
           const std::map<std::string, std::string>& by = {}) {
    prometheus::BuildGauge().Name(name).Register(registry).Add(by).Set(value);
  }

  /// `ok`, or how the part is and why.
  std::string part(const std::string& name) {
    for (const auto& one : read_health(registry.Collect(), time))
      if (one.name == name)
        return std::string{to_string(one.now)} + (one.reason.empty() ? "" : ": " + one.reason);
    return "missing";
  }

  bool is_all_ok() {
    for (const auto& one : read_health(registry.Collect(), time))
      if (one.now != condition::ok)
        return false;
    return true;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(health_suite, fixture)

BOOST_AUTO_TEST_CASE(a_good_day_is_told_as_one) {
  BOOST_TEST(is_all_ok());
}

BOOST_AUTO_TEST_CASE(a_database_that_is_away_is_down) {
  set("meisim_database_up", 0);
  BOOST_TEST(part("database") == "down: PostgreSQL does not answer");
}

BOOST_AUTO_TEST_CASE(a_role_that_could_rewrite_the_ledger_is_told) {
  set("meisim_database_role_owns_ledger", 1);
  BOOST_TEST(part("database").starts_with("degraded: the nodes' role owns the ledger's tables"));
}

BOOST_AUTO_TEST_CASE(a_provider_is_told_by_its_circuit_and_by_its_account) {
  set("meisim_provider_circuit", 1, {{"provider", "p3"}});
  BOOST_TEST(part("provider p3").starts_with("degraded"));
  set("meisim_provider_circuit", 2, {{"provider", "p3"}});
  BOOST_TEST(part("provider p3").starts_with("down"));
  set("meisim_provider_circuit", 0, {{"provider", "p3"}});
  set("meisim_provider_account_refused", 1, {{"provider", "p3"}});
  BOOST_TEST(part("provider p3").starts_with("down: refuses our credential or credit"));
}

BOOST_AUTO_TEST_CASE(orders_that_get_no_further_and_held_work_are_told_with_what_to_type) {
  set("meisim_stuck_orders", 3);
  BOOST_TEST(part("orders") == "degraded: 3 get no further: meisimctl order list --stuck");
  set("meisim_held", 1);
  BOOST_TEST(part("orders") == "degraded: all work is held: meisimctl release");
}

BOOST_AUTO_TEST_CASE(mails_that_wait_for_minutes_are_late_and_for_an_hour_do_not_go_out) {
  set("meisim_jobs", 7, {{"kind", "mail"}});
  set("meisim_job_oldest_seconds", 299, {{"kind", "mail"}});
  BOOST_TEST(part("mail") == "ok");
  set("meisim_job_oldest_seconds", 300, {{"kind", "mail"}});
  BOOST_TEST(part("mail").starts_with("degraded: 7 wait, the oldest for 300 s"));
  set("meisim_job_oldest_seconds", 3'600, {{"kind", "mail"}});
  BOOST_TEST(part("mail").starts_with("down"));
  BOOST_TEST(part("webhooks") == "ok");
}

BOOST_AUTO_TEST_CASE(events_of_stripe_that_moved_nothing_are_told) {
  set("meisim_payments_unmatched", 2);
  BOOST_TEST(part("stripe").starts_with("degraded: 2 events moved no money"));
}

BOOST_AUTO_TEST_CASE(
  refusals_in_a_row_strange_signatures_and_a_bad_lot_are_told_with_what_to_type) {
  set("meisim_provider_refused_in_a_row", 4, {{"provider", "p3"}});
  set("meisim_stripe_unsigned_in_a_row", 2);
  set("meisim_stock_claims", 4);
  BOOST_TEST(is_all_ok());
  set("meisim_provider_refused_in_a_row", 5, {{"provider", "p3"}});
  BOOST_TEST(part("provider p3")
             == "degraded: has refused the last 5 orders: meisimctl order list --status failed");
  set("meisim_stripe_unsigned_in_a_row", 3);
  BOOST_TEST(part("stripe")
             == "degraded: the last 3 events bear another signature: meisimctl key rotate "
                "stripe-webhook");
  set("meisim_stock_claims", 5);
  BOOST_TEST(part("stock")
             == "degraded: 5 eSIMs of one lot are said to be broken: meisimctl inventory withdraw "
                "--lot LOT");
  set("meisim_products_not_sold", 2);
  BOOST_TEST(part("prices")
             == "degraded: 2 products cost more than their price and are not sold: meisimctl price "
                "losses");
}

BOOST_AUTO_TEST_CASE(a_node_that_cannot_be_reached_is_told) {
  set("meisim_cluster_members", 3);
  set("meisim_cluster_links", 2);
  BOOST_TEST(part("cluster") == "ok");
  set("meisim_cluster_links", 1);
  BOOST_TEST(part("cluster") == "degraded: 1 of 2 other nodes can be reached");
}

BOOST_AUTO_TEST_CASE(a_certificate_is_told_of_two_weeks_before_its_end) {
  auto ends_in_days = [&](double days) {
    set("meisim_certificate_expiry_timestamp_seconds", 1'800'000'000 + days * 86'400,
        {{"file", "node.pem"}});
    return part("certificate node.pem");
  };
  BOOST_TEST(ends_in_days(15) == "ok");
  BOOST_TEST(ends_in_days(3) == "degraded: expires in 3 days");
  BOOST_TEST(ends_in_days(-1) == "down: has expired");
}

BOOST_AUTO_TEST_CASE(a_token_of_a_script_is_told_of_two_weeks_before_its_end) {
  const std::string gauge = "meisim_operator_token_expiry_timestamp_seconds";
  set(gauge, 0);
  BOOST_TEST(part("tokens") == "ok");
  set(gauge, 1'800'000'000 + 15.0 * 86'400);
  BOOST_TEST(part("tokens") == "ok");
  set(gauge, 1'800'000'000 + 3.0 * 86'400);
  BOOST_TEST(part("tokens").starts_with("degraded: one of a script ends in 3 days"));
}

BOOST_AUTO_TEST_CASE(a_ledger_that_nobody_proves_is_told) {
  set("meisim_ledger_proof_age_seconds", 86'400);
  BOOST_TEST(part("ledger") == "ok");
  set("meisim_ledger_proof_age_seconds", 5 * 86'400);
  BOOST_TEST(part("ledger").starts_with("degraded: was last proved 5 days ago"));
}

BOOST_AUTO_TEST_SUITE_END()

#include "actors/operators/health.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

namespace {

/// A mail or webhook that is due for so long is not just late.
constexpr double late_seconds = 300;
constexpr double very_late_seconds = 3'600;
/// A certificate has to be replaced before this.
constexpr double expiry_warning_seconds = 14 * 86'400;
/// So many claims about one lot mean a bad lot, not a dealer's mistake.
constexpr double many_claims = 5;
/// A single order or event may itself be wrong; so many in a row are not.
constexpr double many_refusals = 5;
constexpr double many_unsigned = 3;
/// The ledger is to be proved every day.
constexpr double proof_seconds = 2 * 86'400;

/// Reads gauges by their names.
class readings {
public:
  explicit readings(const std::vector<prometheus::MetricFamily>& metrics) : metrics_(metrics) {
    // nop
  }

  /// Values by the label `label`; a gauge without labels stands under the empty text.
  std::map<std::string, double> of(std::string_view name, std::string_view label) const {
    std::map<std::string, double> result;
    for (const auto& family : metrics_)
      if (family.name == name)
        for (const auto& metric : family.metric)
          result[label_of(metric, label)] = metric.gauge.value;
    return result;
  }

  std::optional<double> value(std::string_view name, std::string_view label = {},
                              const std::string& wanted = {}) const {
    auto values = of(name, label);
    auto found = values.find(wanted);
    return found == values.end() ? std::nullopt : std::optional{found->second};
  }

private:
  static std::string label_of(const prometheus::ClientMetric& metric, std::string_view name) {
    for (const auto& label : metric.label)
      if (label.name == name)
        return label.value;
    return {};
  }

  const std::vector<prometheus::MetricFamily>& metrics_;
};

part_health well(std::string name) {
  return {std::move(name), condition::ok, {}};
}

/// 0, 1 and 2 are a closed, a half open and an open circuit.
part_health circuit_health(std::string name, double circuit) {
  if (circuit >= 2)
    return {std::move(name), condition::down, "does not answer: it is not called for now"};
  if (circuit >= 1)
    return {std::move(name), condition::degraded, "did not answer: it is being probed"};
  return well(std::move(name));
}

void add_database(const readings& from, health_report& to) {
  if (from.value("meisim_database_up").value_or(1) < 1)
    to.push_back({"database", condition::down, "PostgreSQL does not answer"});
  else if (auto wait = from.value("meisim_database_sync_wait_seconds").value_or(0); wait > 1)
    to.push_back({"database", condition::degraded,
                  fmt::format("commits wait {:.0f} s for a synchronous standby", wait)});
  else if (from.value("meisim_database_role_owns_ledger").value_or(0) > 0)
    to.push_back(
      {"database", condition::degraded,
       "the nodes' role owns the ledger's tables: have another own them (database-owner)"});
  else
    to.push_back(well("database"));
}

void add_replica(const readings& from, health_report& to) {
  auto is_usable = from.value("meisim_replica_usable");
  if (!is_usable)
    return;
  if (*is_usable > 0)
    return to.push_back(well("replica"));
  to.push_back({"replica", condition::degraded,
                "does not answer or is too old: long lists are read from the primary"});
}

void add_providers(const readings& from, health_report& to) {
  auto refused = from.of("meisim_provider_account_refused", "provider");
  auto in_a_row = from.of("meisim_provider_refused_in_a_row", "provider");
  for (const auto& [name, circuit] : from.of("meisim_provider_circuit", "provider")) {
    auto part = circuit_health("provider " + name, circuit);
    if (refused[name] > 0)
      part = {"provider " + name, condition::down,
              "refuses our credential or credit: pay it, or change its key"};
    else if (part.now == condition::ok && in_a_row[name] >= many_refusals)
      part = {"provider " + name, condition::degraded,
              fmt::format("has refused the last {} orders: meisimctl order list --status failed",
                          in_a_row[name])};
    to.push_back(std::move(part));
  }
}

void add_stripe(const readings& from, health_report& to) {
  auto part = circuit_health("stripe", from.value("meisim_stripe_circuit").value_or(0));
  auto unmatched = from.value("meisim_payments_unmatched").value_or(0);
  if (part.now == condition::ok && unmatched > 0)
    part = {"stripe", condition::degraded,
            fmt::format("{} events moved no money although they should: meisimctl payment list "
                        "--unmatched",
                        unmatched)};
  auto strange = from.value("meisim_stripe_unsigned_in_a_row").value_or(0);
  if (part.now == condition::ok && strange >= many_unsigned)
    part = {"stripe", condition::degraded,
            fmt::format("the last {} events bear another signature: meisimctl key rotate "
                        "stripe-webhook",
                        strange)};
  to.push_back(std::move(part));
}

void add_stock(const readings& from, health_report& to) {
  auto claims = from.value("meisim_stock_claims").value_or(0);
  if (claims < many_claims)
    return to.push_back(well("stock"));
  to.push_back({"stock", condition::degraded,
                fmt::format("{} eSIMs of one lot are said to be broken: meisimctl inventory "
                            "withdraw --lot LOT",
                            claims)});
}

void add_prices(const readings& from, health_report& to) {
  auto count = from.value("meisim_products_not_sold").value_or(0);
  if (count < 1)
    return to.push_back(well("prices"));
  to.push_back({"prices", condition::degraded,
                fmt::format("{} products cost more than their price and are not sold: meisimctl "
                            "price losses",
                            count)});
}

void add_queue(const readings& from, health_report& to, std::string name, const std::string& kind) {
  auto oldest = from.value("meisim_job_oldest_seconds", "kind", kind).value_or(0);
  auto count = from.value("meisim_jobs", "kind", kind).value_or(0);
  if (oldest < late_seconds)
    return to.push_back(well(std::move(name)));
  to.push_back(
    {std::move(name), oldest < very_late_seconds ? condition::degraded : condition::down,
     fmt::format("{} wait, the oldest for {:.0f} s: meisimctl job list --failed", count, oldest)});
}

void add_orders(const readings& from, health_report& to) {
  auto stuck = from.value("meisim_stuck_orders").value_or(0);
  if (from.value("meisim_held").value_or(0) > 0)
    to.push_back({"orders", condition::degraded, "all work is held: meisimctl release"});
  else if (stuck > 0)
    to.push_back({"orders", condition::degraded,
                  fmt::format("{} get no further: meisimctl order list --stuck", stuck)});
  else
    to.push_back(well("orders"));
}

void add_cluster(const readings& from, health_report& to) {
  auto others = from.value("meisim_cluster_members").value_or(1) - 1;
  auto links = from.value("meisim_cluster_links").value_or(0);
  if (links < others)
    to.push_back({"cluster", condition::degraded,
                  fmt::format("{} of {} other nodes can be reached", links, others)});
  else
    to.push_back(well("cluster"));
}

void add_certificates(const readings& from, instant now, health_report& to) {
  auto seconds = static_cast<double>(micros(now)) / 1'000'000;
  for (const auto& [file, ends] : from.of("meisim_certificate_expiry_timestamp_seconds", "file")) {
    auto left = ends - seconds;
    auto name = "certificate " + file;
    if (left < 0)
      to.push_back({name, condition::down, "has expired"});
    else if (left < expiry_warning_seconds)
      to.push_back(
        {name, condition::degraded, fmt::format("expires in {:.0f} days", left / 86'400)});
    else
      to.push_back(well(name));
  }
}

/// Only the tokens of scripts expire. Secrets that are replaced by hand do not.
void add_tokens(const readings& from, instant now, health_report& to) {
  auto seconds = static_cast<double>(micros(now)) / 1'000'000;
  auto ends = from.value("meisim_operator_token_expiry_timestamp_seconds").value_or(0);
  auto left = ends - seconds;
  if (ends <= 0 || left > expiry_warning_seconds)
    return to.push_back(well("tokens"));
  to.push_back({"tokens", condition::degraded,
                fmt::format("one of a script ends in {:.0f} days: meisimctl operator token list",
                            std::max(left, 0.0) / 86'400)});
}

void add_ledger(const readings& from, health_report& to) {
  auto age = from.value("meisim_ledger_proof_age_seconds").value_or(0);
  if (age > proof_seconds)
    to.push_back(
      {"ledger", condition::degraded,
       fmt::format("was last proved {:.0f} days ago: meisimctl ledger check --since-last",
                   age / 86'400)});
  else
    to.push_back(well("ledger"));
}

} // namespace

health_report read_health(const std::vector<prometheus::MetricFamily>& metrics, instant now) {
  readings from{metrics};
  health_report report;
  add_database(from, report);
  add_replica(from, report);
  add_orders(from, report);
  add_providers(from, report);
  add_stripe(from, report);
  add_stock(from, report);
  add_prices(from, report);
  add_queue(from, report, "mail", "mail");
  add_queue(from, report, "webhooks", "webhook");
  add_queue(from, report, "refunds", "refund");
  add_cluster(from, report);
  add_certificates(from, now, report);
  add_tokens(from, now, report);
  add_ledger(from, report);
  return report;
}

} // namespace meisim

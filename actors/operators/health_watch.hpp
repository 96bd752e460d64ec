#pragma once

#include "protocols/base/published.hpp"
#include "protocols/base/records_pool.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/operators/health.hpp"
#include "protocols/orders/losses.hpp"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace meisim {

/// What is sold, and at which prices.
struct sale_boards {
  std::shared_ptr<const published<catalogue>> catalogues;
  std::shared_ptr<const published<price_book>> prices;
};

struct health_watch_state {
  static inline const char* name = "health-watch";

  // Without it CAF would make the state from the actor's pointer, by its first member.
  health_watch_state() = default;

  std::shared_ptr<prometheus::Registry> registry;
  records_actor records;
  region_actor region;
  operators_actor operators;
  sale_boards sales;
  prometheus::Family<prometheus::Gauge>* stock = nullptr;
  prometheus::Family<prometheus::Gauge>* thresholds = nullptr;
  prometheus::Gauge* not_sold = nullptr;
  /// The products that the log last said are not sold.
  std::set<std::string> losses;
  /// How each part was when it was last looked at.
  std::map<std::string, condition> before;
  std::chrono::steady_clock::time_point counted_at = {};
};

/// Spawns as HEALTH WATCH: tells the log once when a part fails and once when it is back. It shows
/// in the metrics what each pool can sell and what it should have, and how many products are not
/// sold because they cost more than their price.
health_watch_actor::behavior_type health_watch(
  health_watch_actor::stateful_pointer<health_watch_state> self,
  std::shared_ptr<prometheus::Registry> registry, records_actor records, region_actor region,
  operators_actor operators, sale_boards sales);

} // namespace meisim

#pragma once

#include "protocols/base/records_pool.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/operators/health.hpp"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace meisim {

struct health_watch_state {
  static inline const char* name = "health-watch";

  // Without it CAF would make the state from the actor's pointer, by its first member.
  health_watch_state() = default;

  std::shared_ptr<prometheus::Registry> registry;
  records_actor records;
  region_actor region;
  prometheus::Family<prometheus::Gauge>* stock = nullptr;
  /// How each part was when it was last looked at.
  std::map<std::string, condition> before;
  std::chrono::steady_clock::time_point counted_at = {};
};

/// Spawns as HEALTH WATCH: tells the log once when a part goes, and once when it is back, and shows
/// in the metrics what each pool can sell.
health_watch_actor::behavior_type health_watch(
  health_watch_actor::stateful_pointer<health_watch_state> self,
  std::shared_ptr<prometheus::Registry> registry, records_actor records, region_actor region);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace meisim {

struct replica_settings {
  /// libpq's text.
  std::string connection;
  /// A replica that is older is not read.
  std::chrono::seconds oldest{10};
};

struct replica_watch_state {
  static inline const char* name = "replica-watch";

  std::unique_ptr<database> db;
  std::chrono::seconds oldest{0};
  std::shared_ptr<std::atomic<bool>> is_usable;
  prometheus::Gauge* usable = nullptr;
  prometheus::Gauge* age = nullptr;
};

/// Spawns as REPLICA WATCH; to be detached. Looks every second how old the replica is, by the
/// youngest heartbeat that has reached it, and keeps `is_usable` true to that.
replica_watch_actor::behavior_type replica_watch(
  replica_watch_actor::stateful_pointer<replica_watch_state> self, const replica_settings& settings,
  std::shared_ptr<std::atomic<bool>> is_usable, prometheus::Registry* registry);

} // namespace meisim

#pragma once

#include "protocols/interfaces.hpp"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstdint>
#include <memory>

namespace meisim {

struct job_watch_state {
  static inline const char* name = "job-watch";

  // Without it CAF would make the state from the actor's pointer, by its first member.
  job_watch_state() = default;

  job_store_actor store;
  /// Keeps what the families below point to.
  std::shared_ptr<prometheus::Registry> registry;
  prometheus::Family<prometheus::Gauge>* counts = nullptr;
  prometheus::Family<prometheus::Gauge>* ages = nullptr;
  prometheus::Gauge* stuck_orders = nullptr;
  int32_t stuck_after_seconds = 0;
};

/// Spawns as JOB WATCH: shows in the metrics how much work there is, how old it is, and how many
/// orders are stuck. All nodes show the same.
job_watch_actor::behavior_type job_watch(job_watch_actor::stateful_pointer<job_watch_state> self,
                                         job_store_actor store,
                                         std::shared_ptr<prometheus::Registry> registry,
                                         int32_t stuck_after_seconds);

} // namespace meisim

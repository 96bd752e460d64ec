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

  records_actor records;
  /// Keeps what the families below point to.
  std::shared_ptr<prometheus::Registry> registry;
  prometheus::Family<prometheus::Gauge>* counts = nullptr;
  prometheus::Family<prometheus::Gauge>* ages = nullptr;
  prometheus::Gauge* stuck_orders = nullptr;
  prometheus::Gauge* failed_mails = nullptr;
  prometheus::Gauge* failed_messages = nullptr;
  prometheus::Gauge* held = nullptr;
  prometheus::Gauge* database_up = nullptr;
  prometheus::Gauge* database_sessions = nullptr;
  prometheus::Gauge* standby_wait = nullptr;
  prometheus::Gauge* claims = nullptr;
  prometheus::Gauge* token_end = nullptr;
  /// Has no gauge before the ledger was proved for the first time.
  prometheus::Family<prometheus::Gauge>* proof_age = nullptr;
  int32_t stuck_after_seconds = 0;
};

/// Spawns as JOB WATCH: shows in the metrics how much work there is, how old it is, how many
/// orders are stuck, and how the database is. All nodes show the same.
job_watch_actor::behavior_type job_watch(job_watch_actor::stateful_pointer<job_watch_state> self,
                                         records_actor records,
                                         std::shared_ptr<prometheus::Registry> registry,
                                         int32_t stuck_after_seconds);

} // namespace meisim

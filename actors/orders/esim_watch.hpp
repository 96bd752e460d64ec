#pragma once

#include "actors/base/job_loop.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>

namespace meisim {

struct esim_watch_state {
  static inline const char* name = "esim-watch";

  job_loop loop;
  providers_actor provider;
  std::chrono::seconds pause{0};
};

/// Spawns as ESIM WATCH: asks providers what has become of the eSIMs of dealers who want to hear of
/// it, and notes what is to be told. The pauses begin with `pause` and grow.
job_worker_actor::behavior_type esim_watch(
  job_worker_actor::stateful_pointer<esim_watch_state> self, job_loop_config config,
  job_store_actor store, providers_actor provider, std::chrono::seconds pause);

} // namespace meisim

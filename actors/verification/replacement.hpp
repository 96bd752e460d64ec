#pragma once

#include "actors/base/job_loop.hpp"
#include "protocols/supply/replacement.hpp"

namespace meisim {

struct replacement_state {
  static inline const char* name = "replacement";

  job_loop loop;
  verification_store_actor batches;
  verification_actor verification;
  region_actor region;
};

/// Spawns as REPLACEMENT. The checks are batches of one row that jump the queue; each check that
/// ends leaves a job, and this job makes sure that the next step is taken once.
replacement_actor::behavior_type replacement(
  replacement_actor::stateful_pointer<replacement_state> self, job_loop_config config,
  job_store_actor store, verification_store_actor batches, verification_actor verification,
  region_actor region);

} // namespace meisim

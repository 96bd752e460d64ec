#pragma once

#include "actors/base/job_loop.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/verification/row_leases.hpp"

namespace meisim {

struct refunds_state {
  static inline const char* name = "refunds";

  job_loop loop;
  verification_store_actor batches;
  region_actor region;
};

/// The posting that gives rows back; the same rows always make the same one.
posting row_refund_posting(const refund_due& due);

/// Spawns the worker that gives dealers back what they paid for rows whose verdict is `error`. If a
/// row was given back before, the posting fails, so no row is refunded twice.
job_worker_actor::behavior_type refunds(job_worker_actor::stateful_pointer<refunds_state> self,
                                        job_loop_config config, job_store_actor store,
                                        verification_store_actor batches, region_actor region);

} // namespace meisim

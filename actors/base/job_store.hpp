#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/jobs.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/account_order.hpp"
#include "protocols/orders/esim_usage.hpp"
#include "protocols/verification/batch_results.hpp"

#include <memory>
#include <string>

namespace meisim {

struct job_store_state {
  static inline const char* name = "job-store";

  std::unique_ptr<database> db;
};

/// Spawns detached as JOB STORE with a session of its own on `connection`.
job_store_actor::behavior_type job_store(job_store_actor::stateful_pointer<job_store_state> self,
                                         std::string connection);

} // namespace meisim

#pragma once

#include "actors/base/job_loop.hpp"
#include "protocols/interfaces.hpp"

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <memory>
#include <vector>

namespace meisim {

struct mail_queue_state {
  static inline const char* name = "mail-queue";

  job_loop loop;
  /// Reads the results of batches, which takes long.
  records_actor records;
  /// They take turns: each hands over one mail at a time, and a mail server may be slow.
  std::vector<mailer_actor> mailers;
  size_t turn = 0;
  std::shared_ptr<prometheus::Registry> registry;
  prometheus::Family<prometheus::Counter>* outcomes = nullptr;
};

/// Spawns as MAIL QUEUE: sends the mails in the queue of `store`. It needs at least one mailer.
job_worker_actor::behavior_type mail_queue(
  job_worker_actor::stateful_pointer<mail_queue_state> self, job_loop_config config,
  job_store_actor store, records_actor records, std::vector<mailer_actor> mailers,
  std::shared_ptr<prometheus::Registry> registry);

} // namespace meisim

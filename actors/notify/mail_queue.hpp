#pragma once

#include "actors/base/job_loop.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>
#include <map>

namespace meisim {

struct mail_queue_state {
  static inline const char* name = "mail-queue";

  job_loop loop;
  mailer_actor mailer;
  /// Mails that wait for the mailer, which takes one after the other: their leases are kept, so
  /// that nobody else sends them too.
  std::map<uuid, job> in_hand;
  std::chrono::steady_clock::time_point renewed_at{};
};

/// Spawns as MAIL QUEUE: sends the mails that stand in the queue.
job_worker_actor::behavior_type mail_queue(
  job_worker_actor::stateful_pointer<mail_queue_state> self, job_loop_config config,
  job_store_actor store, mailer_actor mailer);

} // namespace meisim

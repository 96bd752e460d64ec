#pragma once

#include "protocols/base/id.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

// Work that outlives a request: it is written in the commit that causes it, and leased by whoever
// does it.

/// Take up to `count` jobs of `kind` that are due, for `lease_seconds`. After that they are free
/// again, so a worker that dies loses none.
struct lease_jobs {
  std::string kind;
  int32_t count = 0;
  int32_t lease_seconds = 60;
  /// Jobs of one kind that must not wait for each other have lanes: an order's lane is its
  /// provider's prefix.
  std::string lane = {};
  /// If it is not empty: jobs of any lane but these.
  std::vector<std::string> other_than = {};
};

/// Work that was written in the commit that caused it.
struct job {
  /// What the job is about: an order, a mail.
  uuid subject;
  /// 1 for the first try. It tells who has the job: the next taker gets another number, and a write
  /// under an earlier number is refused.
  int32_t attempts = 0;
};

struct job_list {
  std::vector<job> jobs;
};

/// Try a job again after `delay_seconds`, for the reason `error`, which is empty if nothing was
/// tried. Nothing happens if somebody else has the job meanwhile.
struct postpone_job {
  std::string kind;
  job work;
  int32_t delay_seconds = 0;
  std::string error;
};

/// Renew the lease of a job for `lease_seconds`.
struct keep_job {
  std::string kind;
  job work;
  int32_t lease_seconds = 0;
};

/// Stands for an operator, who may end work that anybody holds.
constexpr int32_t any_attempt = -1;

/// How much work is there, and how many orders have got no further for `stuck_after_seconds`?
struct count_jobs {
  int32_t stuck_after_seconds = 0;
};

struct job_counts {
  struct of_kind {
    std::string kind;
    int64_t count = 0;
    /// How long the oldest has been due, or failing.
    int64_t oldest_seconds = 0;
  };

  std::vector<of_kind> kinds;
  int64_t stuck_orders = 0;
  /// How much will not be sent: refused mails, and messages that webhooks did not accept.
  int64_t failed_mails = 0;
  int64_t failed_messages = 0;
  /// Whether nobody takes any work for now.
  bool is_held = false;
  /// Seconds since the ledger was last found whole; -1 if it never was.
  int64_t proof_age_seconds = -1;
  /// Sessions of all nodes.
  int64_t database_sessions = 0;
  /// The longest time that a commit has now been waiting for a synchronous standby.
  double standby_wait_seconds = 0;
  /// How many eSIMs of one lot were said to be broken within a day, for the lot with the most. Lots
  /// that were withdrawn do not count.
  int64_t claims = 0;
  /// When the next token of a script ends, in seconds since 1970; zero if none will.
  int64_t next_token_end = 0;
};

} // namespace meisim

#pragma once

#include "protocols/base/id.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

// Work that outlives a request: it is written in the commit that causes it, and leased by whoever
// does it.

/// Take up to `count` jobs of `kind` that are due, for `lease_seconds`: whoever dies gives them
/// back by that.
struct lease_jobs {
  std::string kind;
  int32_t count = 0;
  int32_t lease_seconds = 60;
};

/// Work that was written in the commit that caused it.
struct job {
  /// What the job is about: an order, a mail.
  uuid subject;
  /// 1 at the first try.
  int32_t attempts = 0;
};

struct job_list {
  std::vector<job> jobs;
};

/// Try a job again after `delay_seconds`, for the reason `error`.
struct postpone_job {
  std::string kind;
  uuid subject;
  int32_t delay_seconds = 0;
  std::string error;
};

} // namespace meisim

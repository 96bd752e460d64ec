#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct job_book_state {
  static inline const char* name = "job-book";

  std::unique_ptr<database> db;
};

/// Spawns detached as JOB BOOK with a session of its own on `connection`.
job_book_actor::behavior_type job_book(job_book_actor::stateful_pointer<job_book_state> self,
                                       std::string connection);

} // namespace meisim

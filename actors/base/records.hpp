#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct records_state {
  static inline const char* name = "records";

  std::unique_ptr<database> db;
};

/// Spawns detached as RECORDS with a session of its own on `connection`.
records_actor::behavior_type records(records_actor::stateful_pointer<records_state> self,
                                     std::string connection);

} // namespace meisim

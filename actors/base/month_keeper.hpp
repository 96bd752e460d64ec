#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct month_keeper_state {
  static inline const char* name = "month-keeper";

  std::unique_ptr<database> db;
};

/// Spawns detached as MONTH KEEPER with a session of its own on `connection`.
month_keeper_actor::behavior_type month_keeper(
  month_keeper_actor::stateful_pointer<month_keeper_state> self, std::string connection);

} // namespace meisim

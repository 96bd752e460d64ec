#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/supply/stock.hpp"

#include <memory>
#include <string>

namespace meisim {

struct long_changes_state {
  static inline const char* name = "long-changes";

  std::unique_ptr<database> db;
  region_actor region;
};

/// Spawns detached as LONG CHANGES with a session of its own on `connection`.
long_changes_actor::behavior_type long_changes(
  long_changes_actor::stateful_pointer<long_changes_state> self, std::string connection,
  region_actor region);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/intent.hpp"

#include <memory>
#include <string>

namespace meisim {

struct intent_store_state {
  static inline const char* name = "intent-store";

  std::unique_ptr<database> db;
};

/// Spawns detached as INTENT STORE with a session of its own on `connection`.
intent_store_actor::behavior_type intent_store(
  intent_store_actor::stateful_pointer<intent_store_state> self, std::string connection);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/notify/webhook.hpp"

#include <memory>
#include <string>

namespace meisim {

struct webhook_store_state {
  static inline const char* name = "webhook_store";

  std::unique_ptr<database> db;
};

/// Spawns detached as WEBHOOK STORE with a session of its own on `connection`. `any_address` lets
/// webhooks have private addresses.
webhook_store_actor::behavior_type webhook_store(
  webhook_store_actor::stateful_pointer<webhook_store_state> self, std::string connection,
  bool any_address);

} // namespace meisim

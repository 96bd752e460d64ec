#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct webhook_book_state {
  static inline const char* name = "webhook_book";

  std::unique_ptr<database> db;
};

/// Spawns detached as WEBHOOK BOOK with a session of its own on `connection`. `any_address` lets
/// webhooks have private addresses.
webhook_book_actor::behavior_type webhook_book(
  webhook_book_actor::stateful_pointer<webhook_book_state> self, std::string connection,
  bool any_address);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct payment_book_state {
  static inline const char* name = "payment_book";

  std::unique_ptr<database> db;
};

/// Spawns detached as PAYMENT BOOK with a session of its own on `connection`.
payment_book_actor::behavior_type payment_book(
  payment_book_actor::stateful_pointer<payment_book_state> self, std::string connection);

} // namespace meisim

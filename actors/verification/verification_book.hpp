#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct verification_book_state {
  static inline const char* name = "verification-book";

  std::unique_ptr<database> db;
};

/// Spawns as VERIFICATION BOOK; to be detached. `connection` as for `database`.
verification_book_actor::behavior_type verification_book(
  verification_book_actor::stateful_pointer<verification_book_state> self, std::string connection);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct node_book_state {
  static inline const char* name = "node-book";

  std::unique_ptr<database> db;
};

/// Spawns as NODE BOOK; to be detached. `connection` as for `database`.
node_book_actor::behavior_type node_book(node_book_actor::stateful_pointer<node_book_state> self,
                                         std::string connection);

} // namespace meisim

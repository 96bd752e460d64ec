#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <string>

namespace meisim {

struct node_store_state {
  static inline const char* name = "node-store";

  std::unique_ptr<database> db;
};

/// Spawns as NODE STORE; to be detached. `connection` as for `database`.
node_store_actor::behavior_type node_store(
  node_store_actor::stateful_pointer<node_store_state> self, std::string connection);

} // namespace meisim

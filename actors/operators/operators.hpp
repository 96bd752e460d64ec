#pragma once

#include "actors/access/hash_queue.hpp"
#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/operators/desk.hpp"
#include "protocols/operators/operators.hpp"

#include <memory>
#include <string>
#include <vector>

namespace meisim {

struct operators_state {
  static inline const char* name = "operators";

  std::unique_ptr<database> db;
  region_actor region;
  hash_queue passwords;
  price_cache_actor prices;
  /// Operators with one of these roles sign in with a password and a one-time code.
  std::vector<operator_role> second_factor_roles;
};

/// Spawns detached as OPERATORS with a session of its own on `connection`.
operators_actor::behavior_type operators(operators_actor::stateful_pointer<operators_state> self,
                                         std::string connection, region_actor region,
                                         password_hasher_actor passwords, price_cache_actor prices,
                                         std::vector<operator_role> second_factor_roles);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/supply/stock.hpp"

#include <memory>
#include <string>
#include <unordered_set>

namespace meisim {

struct accounts_state {
  static inline const char* name = "accounts";

  std::unique_ptr<database> db;
  region_actor region;
  password_hasher_actor passwords;
  price_cache_actor prices;
  /// Password work under way.
  int hashing = 0;
  /// Keys whose use has not been written down.
  std::unordered_set<std::string> used_keys;
};

/// Spawns detached as ACCOUNTS with a session of its own on `connection`.
accounts_actor::behavior_type accounts(accounts_actor::stateful_pointer<accounts_state> self,
                                       std::string connection, region_actor region,
                                       password_hasher_actor passwords, price_cache_actor prices);

} // namespace meisim

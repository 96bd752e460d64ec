#pragma once

#include "actors/access/hash_queue.hpp"
#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/notify/brand.hpp"
#include "protocols/notify/notices.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/supply/stock.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace meisim {

struct accounts_config {
  region_actor region;
  /// One queue for sign-ins, and one for changes of passwords.
  password_hasher_actor checks;
  password_hasher_actor changes;
  price_cache_actor prices;
  /// How many codes an account is mailed in 15 minutes.
  int most_code_mails = 5;
  /// What new dealers may order on account; nothing for no limit.
  std::optional<money> default_credit_limit = {};
};

struct accounts_state {
  static inline const char* name = "accounts";

  std::unique_ptr<database> db;
  region_actor region;
  hash_queue checks;
  hash_queue changes;
  price_cache_actor prices;
  int most_code_mails = 0;
  std::optional<money> default_credit_limit;
  /// Refusals of codes that wait for their time, in order.
  std::deque<std::function<void(caf::error)>> refusals;
  /// Keys whose use has not been written down.
  std::unordered_set<std::string> used_keys;
};

/// Spawns detached as ACCOUNTS with a session of its own on `connection`.
accounts_actor::behavior_type accounts(accounts_actor::stateful_pointer<accounts_state> self,
                                       std::string connection, accounts_config config);

} // namespace meisim

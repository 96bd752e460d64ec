#pragma once

#include "persistence/base/session.hpp"
#include "protocols/operators/keys.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace meisim {

// The secrets that nodes tell one another.

/// Keeps the key if there is none of its name.
void propose_node_key(database& db, const node_key& key);

/// The latest of each name.
std::vector<node_key> all_node_keys(database& db);

/// Replaces the key of the same name, which still holds for so long. Part of the caller's
/// transaction. Fills in the times.
void replace_node_key(database& db, node_key& key, std::chrono::seconds former_lifetime);

/// Whether operators have disabled the admin token.
bool is_automation_closed(database& db);

} // namespace meisim

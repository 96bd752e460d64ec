#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"

#include <optional>
#include <string>

namespace meisim {

/// Fills a database without dealers with the demonstration: a dealer with this Argon2id hash of its
/// password, and stock. Returns the dealer, whose wallet is still empty; nothing if there was a
/// dealer already.
std::optional<dealer_id> seed_demo(database& db, const std::string& password_hash);

/// Whether the demonstration was put into this database.
bool has_demo(database& db);

} // namespace meisim

#pragma once

#include "persistence/session.hpp"

#include "protocols/id.hpp"

#include <optional>
#include <string>

namespace meisim {

/// Fills an empty database with the demonstration (CONTRACT §9): a dealer with this Argon2id hash of its password,
/// SKUs, and stock. The dealer, whose wallet is still empty; nothing if the database was not empty.
std::optional<dealer_id> seed_demo(database& db, const std::string& password_hash);

} // namespace meisim

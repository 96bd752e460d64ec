#pragma once

#include "persistence/base/session.hpp"

#include <string>

namespace meisim {

/// The role that the session's statements run as.
std::string own_role(database& db);

/// Grants `service` what the service's statements need, and nothing else. Rights that it had before
/// are taken away. `owner` owns the tables and has migrated them. Does nothing if both are one
/// role. Throws soci::soci_error.
void grant_rights(database& owner, const std::string& service);

/// Whether the session's role could change or drop what the ledger keeps.
bool owns_ledger(database& db);

} // namespace meisim

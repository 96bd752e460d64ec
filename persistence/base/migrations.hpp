#pragma once

#include "persistence/base/session.hpp"

namespace meisim {

/// Brings the schema up to date: applies each migration that is not applied yet, in order and in a
/// transaction of its own, while no other node does. Throws std::runtime_error if the schema is
/// newer than the program, or a migration that was applied has been changed since, and
/// soci::soci_error if one fails.
void migrate(database& db);

} // namespace meisim

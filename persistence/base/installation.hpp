#pragma once

#include "persistence/base/session.hpp"

#include <string>

namespace meisim {

/// What tells the nodes of this database from those of another, for as long as there is a backup of
/// it: Stripe keeps it with each payment, since others may use the same account.
std::string installation_of(database& db);

} // namespace meisim

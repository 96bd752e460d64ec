#pragma once

#include "persistence/base/session.hpp"

#include <string>

namespace meisim {

/// Tells the nodes of this database from those of another; a backup has the same value. Stripe
/// keeps it with each payment, because other installations may use the same account.
std::string installation_of(database& db);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"

namespace meisim {

/// Makes the tables of the next three months that are missing, and returns how many it made.
int make_months(database& db);

} // namespace meisim

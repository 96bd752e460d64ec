#pragma once

#include "persistence/base/session.hpp"

namespace meisim {

/// Makes the tables of the next three months where they are missing, and gives their number.
int make_months(database& db);

} // namespace meisim

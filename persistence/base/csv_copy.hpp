#pragma once

#include "persistence/base/session.hpp"

#include <string>
#include <utility>
#include <vector>

namespace meisim {

/// Names and values.
using copy_parameters = std::vector<std::pair<std::string, std::string>>;

/// The lines that `copy` writes, a `COPY … TO STDOUT (FORMAT csv)`: PostgreSQL makes them, so that
/// no cell crosses the wire by itself. COPY itself takes no parameters: its query finds the
/// parameter `x` by `current_setting('meisim.x')`.
std::string copy_csv(database& db, const char* copy, const copy_parameters& parameters);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"

#include <string>
#include <utility>
#include <vector>

namespace meisim {

/// Names and values.
using copy_parameters = std::vector<std::pair<std::string, std::string>>;

/// The rows of `query` as lines of CSV. PostgreSQL makes them by COPY, so that cells do not travel
/// one by one. COPY takes no parameters: the query finds the parameter `x` by
/// `current_setting('meisim.x')`.
std::string copy_csv(database& db, const char* query, const copy_parameters& parameters);

} // namespace meisim

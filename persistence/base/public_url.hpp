#pragma once

#include "persistence/base/session.hpp"

#include <string>

namespace meisim {

/// From now on addresses in messages begin with this; all nodes of a cluster share it.
void note_public_url(database& db, const std::string& url);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"

#include <string>

namespace meisim {

/// Addresses in messages begin with this from now on. All nodes of a cluster share it.
void note_public_url(database& db, const std::string& url);

} // namespace meisim

#pragma once

#include "protocols/money/posting.hpp"

#include <string>

namespace meisim::http {

/// The documented answer to a posting: the same bytes for the same receipt, also at a repeat.
std::string receipt_answer(const receipt& what);

} // namespace meisim::http

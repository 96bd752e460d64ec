#pragma once

#include "protocols/money/posting.hpp"

#include <string>

namespace meisim::http {

/// The documented answer to a posting. The same receipt always gives the same bytes, so a repeat
/// gets the first answer.
std::string receipt_answer(const receipt& what);

} // namespace meisim::http

#pragma once

#include "http/server/response.hpp"

#include <string>
#include <string_view>

namespace meisim::http {

/// The status line and the headers of an answer, up to the blank line.
std::string response_head(const response& what, std::string_view request_id, bool close,
                          bool in_chunks);

} // namespace meisim::http

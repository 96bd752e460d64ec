#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/json_writer.hpp"

#include <string>
#include <string_view>

namespace meisim {

/// `text` as a JSON string with its quotes, or `null` for an empty one.
std::string text_or_null(std::string_view text);

/// The time as a JSON string, or `null` for none, which the epoch stands for.
std::string time_or_null(instant at);

} // namespace meisim

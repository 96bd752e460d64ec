#pragma once

#include "protocols/base/instant.hpp"

#include <string>
#include <string_view>

namespace meisim {

/// Appends `text` as a JSON string with its quotes; expects valid UTF-8.
void append_json_quoted(std::string& target, std::string_view text);

/// `text` as a JSON string with its quotes; expects valid UTF-8.
std::string json_quoted(std::string_view text);

/// The same, or `null` for an empty text.
std::string text_or_null(std::string_view text);

/// The time as a JSON string, or `null` for none, which the epoch stands for.
std::string time_or_null(instant at);

} // namespace meisim

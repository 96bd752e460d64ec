#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// Base64 with padding, without line ends (RFC 4648 §4).
std::string to_base64(std::string_view bytes);

/// What such a text stands for; nothing if it is none.
std::optional<std::string> from_base64(std::string_view text);

} // namespace meisim

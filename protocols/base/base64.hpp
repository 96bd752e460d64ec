#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// Base64 with padding, without line ends (RFC 4648 §4).
std::string to_base64(std::string_view bytes);

/// The bytes that such a text stands for; nothing if it is no such text.
std::optional<std::string> from_base64(std::string_view text);

/// The same for a text that a person or a program has sent: with line ends, in the alphabet of URLs
/// (RFC 4648 §5), without padding, or as a `data:` address.
std::optional<std::string> read_base64(std::string_view text);

} // namespace meisim

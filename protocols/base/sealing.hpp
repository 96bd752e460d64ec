#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// Secrets that lie where others may read them (AES-256-GCM).

/// The text under a key, in hexadecimal. `name` is what the text is: it can be opened under no
/// other one.
std::string seal(std::string_view key, std::string_view name, std::string_view text);

/// What was sealed; nothing for another key or name, and for what has been changed.
std::optional<std::string> unseal(std::string_view key, std::string_view name,
                                  std::string_view sealed);

} // namespace meisim

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// Secrets that lie where others may read them (AES-256-GCM).

/// The text sealed under a key, in hexadecimal. `name` says what the text is; it can be opened only
/// under the same name.
std::string seal(std::string_view key, std::string_view name, std::string_view text);

/// The text that was sealed; nothing if the key or the name is another one, or if the sealed text
/// has been changed.
std::optional<std::string> unseal(std::string_view key, std::string_view name,
                                  std::string_view sealed);

} // namespace meisim

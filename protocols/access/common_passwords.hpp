#pragma once

#include <span>
#include <string_view>

namespace meisim {

/// The list, as it is compiled in.
struct password_file {
  std::string_view name;
  std::string_view text;
};

std::span<const password_file> password_files();

/// Whether a password is one of those that are used most, in any case of letters. Whoever guesses
/// tries these first.
bool is_common_password(std::string_view password);

} // namespace meisim

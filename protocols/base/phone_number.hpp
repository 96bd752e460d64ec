#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// The result of reading a telephone number: the number, or what is wrong with the text.
struct phone_reading {
  /// E.164: a plus sign and the digits.
  std::optional<std::string> number;
  /// A sentence without its subject; empty beside a number.
  std::string_view flaw;
};

/// Reads a telephone number as people write it: with blanks, brackets, dashes or dots, after `+` or
/// `00`; also in national form if the country (ISO 3166-1 alpha-2) is known. An empty country is
/// not known. The number's length must be one that the country has. Only the network can tell
/// whether the number exists.
phone_reading read_phone_number(std::string_view text, std::string_view country_iso);

} // namespace meisim

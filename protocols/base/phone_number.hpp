#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// What became of reading a telephone number: the number, or what is wrong with the text.
struct phone_reading {
  /// E.164: a plus sign and the digits.
  std::optional<std::string> number;
  /// A sentence without its subject; empty beside a number.
  std::string_view flaw;
};

/// Reads a telephone number as people write it: with blanks, brackets, dashes or dots, after `+` or
/// `00`; in national form too where the country (ISO 3166-1 alpha-2) is known. A country that is
/// empty is not known. The number's length must be one that the country has; whether somebody
/// answers it, only the network can tell.
phone_reading read_phone_number(std::string_view text, std::string_view country_iso);

} // namespace meisim

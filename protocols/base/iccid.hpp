#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// The number of a profile or card (ITU-T E.118), as it is compared and shown.
struct iccid_number {
  /// 18 to 20 digits beginning with 89, without padding.
  std::string digits;
  /// Whether the last digit is the check digit by Luhn's rule, as it is in most.
  bool luhn_ok = false;
};

/// The result of reading an ICCID: the number, or what is wrong with the text.
struct iccid_reading {
  std::optional<iccid_number> number;
  /// A sentence without its subject; empty beside a number.
  std::string_view flaw;
};

/// The flaw of a number that a spreadsheet has written in another form: its last digits are lost.
constexpr std::string_view shortened_number =
  "is no whole number: a spreadsheet has shortened this number";

/// Whether the text is such a number: `8.96E+19`.
bool is_shortened_number(std::string_view text);

/// Reads an ICCID; any bytes at all are safe. Blanks and dashes between the digits are left out,
/// and so are the marks of a spreadsheet around them, and an `F` in either case that fills up the
/// last byte of the packed form. 19 digits and the same with their check digit are two spellings of
/// one number: the database's iccid_key sees to that.
iccid_reading read_iccid(std::string_view text);

/// Whether the last of `digits` is the check digit of the others by Luhn's rule (ISO/IEC 7812-1).
bool passes_luhn(std::string_view digits);

} // namespace meisim

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// The number of a profile or card (ITU-T E.118), as it is compared and shown.
struct iccid_number {
  /// 18 to 22 digits, without padding.
  std::string digits;
  /// Whether the last digit is the check digit by Luhn's rule, as it is in most.
  bool luhn_ok = false;
};

/// What became of reading an ICCID: the number, or what is wrong with the text.
struct iccid_reading {
  std::optional<iccid_number> number;
  /// A sentence without its subject; empty beside a number.
  std::string_view flaw;
};

/// Reads an ICCID; any bytes at all are safe. An `F` in either case that fills up the last byte of
/// the packed form is left out.
iccid_reading read_iccid(std::string_view text);

/// Whether the last of `digits` is the check digit of the others by Luhn's rule (ISO/IEC 7812-1).
bool passes_luhn(std::string_view digits);

} // namespace meisim

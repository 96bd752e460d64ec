#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// The result of reading a device's number: the number, or what is wrong with the text.
struct device_number_reading {
  std::optional<std::string> number;
  /// A sentence without its subject; empty beside a number.
  std::string_view flaw;
};

/// Reads an IMEI: 15 digits, in the groups that phones and their boxes show. The software's version
/// may follow behind a slash. The check digit is not verified.
device_number_reading read_imei(std::string_view text);

/// Reads the EID of an eUICC: 32 hexadecimal characters, in groups or not.
device_number_reading read_eid(std::string_view text);

} // namespace meisim

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// What became of reading a mail address: the address as it is mailed, or what is wrong with the
/// text.
struct email_reading {
  /// The local part as it was written, and the domain as DNS knows it: lower case, an international
  /// one in its ASCII form (RFC 5891).
  std::optional<std::string> address;
  /// A sentence without its subject; empty beside an address.
  std::string_view flaw;
};

/// Reads one mail address, such as a mail server could take: not each that RFC 5322 allows. What a
/// link has around it (`mailto:`, a subject), a name before angle brackets, and one comma or
/// semicolon at the end are left out.
email_reading read_email(std::string_view text);

/// What accounts are compared by: their address without case.
std::string account_of(std::string_view address);

} // namespace meisim

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// The result of reading a mail address: the address as it is mailed, or what is wrong with the
/// text.
struct email_reading {
  /// The local part as it was written, and the domain as DNS knows it: lower case, an international
  /// one in its ASCII form (RFC 5891).
  std::optional<std::string> address;
  /// A sentence without its subject; empty beside an address.
  std::string_view flaw;
};

/// Reads one mail address that a mail server could take, which is not every address that RFC 5322
/// allows. The parts of a link (`mailto:`, a subject), a name before angle brackets, and one comma
/// or semicolon at the end are left out.
email_reading read_email(std::string_view text);

/// The form by which accounts are compared: the address in lower case.
std::string account_of(std::string_view address);

} // namespace meisim

#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"

#include <string>
#include <vector>

namespace meisim {

/// Prepare a second factor for the account's password; it counts once it is confirmed. `conflict`
/// if the account has one.
struct begin_second_factor {
  dealer_id dealer;
  std::string current_password;
  audit_stamp by = {};
};

/// What an authenticator program is set up with (RFC 6238: SHA-1, six digits, thirty seconds).
struct second_factor_secret {
  /// In base 32.
  std::string secret;
  /// `otpauth://totp/…`, for a QR code.
  std::string url;
};

/// From now on a sign-in by password needs a code as well. `invalid` for a wrong code.
struct confirm_second_factor {
  dealer_id dealer;
  std::string code;
  audit_stamp by = {};
};

/// Codes that stand for one of the authenticator's, each once. They are shown now and never again.
struct recovery_codes {
  std::vector<std::string> codes;
};

/// End the second factor: a password is enough again. `invalid` for a wrong code.
struct end_second_factor {
  dealer_id dealer;
  /// A code of the authenticator, or a recovery code.
  std::string code;
  audit_stamp by = {};
};

} // namespace meisim

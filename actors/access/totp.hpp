#pragma once

#include "protocols/base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace meisim {

/// A new secret of 160 bits, in base 32.
std::string make_totp_secret();

/// What authenticator programs read from a QR code.
std::string totp_url(const std::string& secret, const std::string& email);

/// The time step of a code of this secret (RFC 6238). Only the step of `at` and the two beside it
/// are accepted; nothing for any other code.
std::optional<int64_t> totp_step(const std::string& secret, const std::string& code, instant at);

} // namespace meisim

#pragma once

#include <string>

namespace meisim {

/// The secret in a file of the home that only its owner can read; made from random bytes where
/// there is none. Throws std::runtime_error if it can neither be read nor written.
std::string secret_in(const std::string& path);

/// 256 random bits in hexadecimal.
std::string random_secret();

/// Whether Stripe takes real money by this key.
bool is_live_stripe_key(const std::string& key);

/// The first line of a file; empty if there is no such file.
std::string secret_if_in(const std::string& path);

} // namespace meisim

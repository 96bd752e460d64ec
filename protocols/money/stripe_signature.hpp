#pragma once

#include "protocols/base/instant.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace meisim {

/// How far a webhook's time stamp may be from our clock, either way.
constexpr std::chrono::minutes signature_tolerance{5};

/// Checks a `Stripe-Signature` header (`t=…,v1=…[,v1=…]`): one of its v1 must be the HMAC-SHA256 of
/// `t.payload` under the secret, and its time near `now`. Empty if all is well; otherwise why not.
std::string signature_problem(std::string_view header, std::string_view payload,
                              std::string_view secret, instant now);

/// The header for a payload that is signed at `now`.
std::string sign_payload(std::string_view payload, std::string_view secret, instant now);

} // namespace meisim

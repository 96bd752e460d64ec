#pragma once

#include "protocols/base/instant.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// How providers sign the news that they send, and how calls to them are signed.

/// Whether Airalo has signed the body by our client secret, either as it came or as PHP writes it
/// again.
bool is_signed_by_airalo(std::string_view body, std::string_view signature,
                         const std::string& secret);

/// Whether eSIM Go has signed it by our API key, in hexadecimal or base64. Version 2 of its calls
/// has no signature, so an empty one is right.
bool is_signed_by_esim_go(std::string_view body, std::string_view signature,
                          const std::string& api_key);

/// Whether Reloadly has signed it by the secret of its webhook. `text` is the body, a colon, and
/// the time of a header. Without a secret no signature is right.
bool is_signed_by_reloadly(std::string_view text, std::string_view signature,
                           const std::string& secret);

struct esim_access_credentials {
  std::string access_code;
  std::string secret;
};

/// The signature of a call to eSIM Access: over the time in milliseconds, the call's id, the access
/// code and the body.
std::string esim_access_digest(const esim_access_credentials& by, std::string_view time,
                               std::string_view call_id, std::string_view body);

/// The header lines that sign a call to eSIM Access, with an id of its own.
std::vector<std::string> esim_access_signature(const esim_access_credentials& by,
                                               std::string_view body, instant at);

} // namespace meisim

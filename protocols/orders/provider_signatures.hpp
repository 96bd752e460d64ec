#pragma once

#include "protocols/base/instant.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// How providers sign what they send unasked, and how calls to them are signed.

/// Whether it is Airalo's, by our client secret: of the body as it came, or as PHP writes it again.
bool is_signed_by_airalo(std::string_view body, std::string_view signature,
                         const std::string& secret);

/// Whether it is eSIM Go's, by our API key, in hexadecimal or base64. Version 2 of its calls bears
/// none, so that an empty one is right.
bool is_signed_by_esim_go(std::string_view body, std::string_view signature,
                          const std::string& api_key);

/// Whether it is Reloadly's, by the secret of its webhook; `text` is the body, a colon, and the
/// time of a header. Without a secret nothing is.
bool is_signed_by_reloadly(std::string_view text, std::string_view signature,
                           const std::string& secret);

struct esim_access_credentials {
  std::string access_code;
  std::string secret;
};

/// What eSIM Access gets as the signature of a call: over the time in milliseconds, the call's id,
/// the access code and the body.
std::string esim_access_digest(const esim_access_credentials& by, std::string_view time,
                               std::string_view call_id, std::string_view body);

/// The header lines that sign a call to eSIM Access, with an id of its own.
std::vector<std::string> esim_access_signature(const esim_access_credentials& by,
                                               std::string_view body, instant at);

} // namespace meisim

#pragma once

#include "protocols/orders/esim_access_envelope.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// The eSIMs that eSIM Access has sold. Each has a number of its own, because an ICCID may belong to
// another by now.

/// Asks for all eSIMs that have had this ICCID.
provider_call esim_access_call_about(const std::string& iccid);
/// The same for a question, whatever it is about.
provider_call esim_access_esim_call(const esim_question& question);

/// The number of the eSIM that an answer to such a call tells of; empty if that has ended, or if
/// several or none could be meant.
std::string number_of_esim_in(const esim_access_envelope& answer);

/// What the answer says of the eSIM, or the answer to its revocation.
provider_text read_esim_access_esim(int32_t status, const std::string& body,
                                    const esim_question& question);

/// An eSIM that nobody has installed is cancelled, which brings the money back. Any other is
/// revoked.
std::optional<provider_call> esim_access_revocation_call(std::string_view body,
                                                         const esim_question& question);

} // namespace meisim

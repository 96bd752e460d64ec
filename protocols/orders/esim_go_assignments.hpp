#pragma once

#include "protocols/orders/provider_format.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// The bundles on an eSIM of eSIM Go, each of which was assigned to it once or more often.

/// Asks for them, whatever the question is about.
provider_call assignments_call(const esim_question& question);

/// What the answer says of the bundle that was sold, or the answer to its revocation.
provider_text read_assignments(int32_t status, const std::string& body,
                               const esim_question& question);

/// Takes away the assignment that counts. The provider gives nothing back unless that was agreed
/// with it.
std::optional<provider_call> revocation_of_assignment(std::string_view body,
                                                      const esim_question& question);

} // namespace meisim

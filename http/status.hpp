#pragma once

#include "http/response.hpp"
#include "protocols/error.hpp"

namespace meisim::http {

/// The HTTP status of each of our errors (CONTRACT §8).
int status_of(ec code);

/// The answer for an error. `portal` picks the form that the portal's endpoints were promised for
/// missing funds.
response problem(const caf::error& error, bool portal = false);

} // namespace meisim::http

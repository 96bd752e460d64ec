#pragma once

#include "http/server/response.hpp"
#include "protocols/base/error.hpp"

namespace meisim::http {

/// The HTTP status of each of our errors (docs/contract.md).
int status_of(ec code);

/// The answer for an error. With `names_funds`, missing funds are called `INSUFFICIENT_FUNDS`.
response problem(const caf::error& error, bool names_funds = false);

} // namespace meisim::http

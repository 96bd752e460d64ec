#pragma once

#include "http/server/response.hpp"
#include "protocols/base/error.hpp"

namespace meisim::http {

/// The HTTP status of each of our errors (docs/contract.md).
int status_of(ec code);

/// The answer for an error. With `names_funds`, missing funds are called `INSUFFICIENT_FUNDS`.
/// `has_key`: whether the request bore an idempotency key, under which it can be repeated.
response problem(const caf::error& error, bool names_funds = false, bool has_key = false);

} // namespace meisim::http

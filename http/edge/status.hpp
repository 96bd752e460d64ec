#pragma once

#include "http/server/response.hpp"
#include "protocols/base/error.hpp"

namespace meisim::http {

/// The HTTP status of an error of ours, as docs/contract.md lists them.
int status_of(ec code);

/// The answer for an error. With `names_funds`, missing funds are called `INSUFFICIENT_FUNDS`.
/// `way` is what the caller can do if the outcome is not known.
response problem(const caf::error& error, bool names_funds = false, recourse way = {});

} // namespace meisim::http

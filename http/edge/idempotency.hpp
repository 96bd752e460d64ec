#pragma once

#include "http/edge/answering.hpp"

#include <caf/error.hpp>

#include <string>

namespace meisim::http {

/// What the caller knows a request by; both are empty without an Idempotency-Key.
struct idempotency {
  std::string key;
  /// What tells the request from another one with the same key.
  std::string request_hash;
};

/// Answers with `why`, which may not have held when the request was first made: a catalogue, a
/// status or a price has changed. What was done then under the request's key is answered as then.
void refuse(const exchange_pointer& x, const idempotency& known_as, const caf::error& why);

} // namespace meisim::http

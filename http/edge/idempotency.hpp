#pragma once

#include "http/edge/asking.hpp"

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

/// Calls `go_on(const catalogue&)`. Where there is none, a request that was done before is answered
/// as then.
template <class GoOn>
void with_catalogue(const exchange_pointer& x, const idempotency& known_as, GoOn go_on) {
  if (auto known = x->node->catalogue_board->latest())
    return go_on(*known);
  ask_or<catalogue_view>(
    x, x->node->provider, [go_on](const catalogue_view& view) { go_on(*view.current); },
    [x, known_as](const caf::error& why) { refuse(x, known_as, why); }, load_catalogue{});
}

} // namespace meisim::http

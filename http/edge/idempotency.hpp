#pragma once

#include "http/edge/asking.hpp"
#include "protocols/base/id.hpp"

#include <caf/error.hpp>

#include <string>

namespace meisim::http {

/// What the caller knows a request by; both are empty without an Idempotency-Key.
struct idempotency {
  std::string key;
  /// What tells the request from another one with the same key.
  std::string request_hash;
};

/// The id of the order that a request places. Under an Idempotency-Key it follows from that: a
/// repeat that comes after the database was restored to a moment before the first one then reaches
/// the provider under the same reference, and finds there what was bought.
inline order_id order_for(dealer_id dealer, const idempotency& known_as) {
  return known_as.key.empty() ? order_id::make()
                              : order_id{derive_uuid(dealer.value, "order " + known_as.key)};
}

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

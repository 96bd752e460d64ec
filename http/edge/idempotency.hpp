#pragma once

#include "http/edge/asking.hpp"
#include "protocols/base/id.hpp"

#include <caf/error.hpp>

#include <string>

namespace meisim::http {

/// The caller's name for a request; both members are empty without an Idempotency-Key.
struct idempotency {
  std::string key;
  /// Tells the request from another one with the same key.
  std::string request_hash;
};

/// The id of the order that a request places. With an Idempotency-Key it follows from the key. So a
/// repeat after the database was restored to a moment before the first request reaches the provider
/// under the same reference, and finds there what was bought.
inline order_id order_for(dealer_id dealer, const idempotency& known_as) {
  return known_as.key.empty() ? order_id::make()
                              : order_id{derive_uuid(dealer.value, "order " + known_as.key)};
}

/// Refuses with `why`. If a request under the same key was done before, it gives that answer
/// instead: a catalogue, a status or a price may have changed since.
void refuse(const exchange_pointer& x, const idempotency& known_as, const caf::error& why);

/// Calls `go_on(const catalogue&)`. If there is no catalogue, a request that was done before gets
/// its first answer.
template <class GoOn>
void with_catalogue(const exchange_pointer& x, const idempotency& known_as, GoOn go_on) {
  if (auto known = x->node->catalogue_board->latest())
    return go_on(*known);
  ask_or<catalogue_view>(
    x, x->node->provider, [go_on](const catalogue_view& view) { go_on(*view.current); },
    [x, known_as](const caf::error& why) { refuse(x, known_as, why); }, load_catalogue{});
}

} // namespace meisim::http

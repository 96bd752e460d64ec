#pragma once

#include "http/edge/asking.hpp"
#include "http/edge/idempotency.hpp"
#include "protocols/orders/fulfilment.hpp"

namespace meisim::http {

/// Calls `go_on(int64_t)` with the number of an order from the wallet, which no other order has.
/// One order in a block of them waits for the database. If that does not answer, a request that was
/// done before gets its first answer.
template <class GoOn>
void with_order_number(const exchange_pointer& x, const idempotency& known_as, GoOn go_on) {
  if (auto number = x->node->order_numbers->take())
    return go_on(wallet_order_number(*number));
  ask_or<order_number_block>(
    x, x->node->records.next(),
    [x, go_on](const order_number_block& block) {
      // The first of the block is this order's own, so that it never asks again.
      x->node->order_numbers->add({block.first + 1, block.count - 1});
      go_on(wallet_order_number(block.first));
    },
    [x, known_as](const caf::error& why) { refuse(x, known_as, why); }, reserve_order_numbers{});
}

} // namespace meisim::http

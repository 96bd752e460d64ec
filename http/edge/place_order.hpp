#pragma once

#include "http/edge/asking.hpp"
#include "protocols/notify/webhook.hpp"
#include "protocols/orders/order.hpp"

#include <utility>

namespace meisim::http {

/// Sends an order to the wallet, and answers with its receipt. If the balance does not cover it,
/// the dealer's webhooks are told as well.
inline void place_order(const exchange_pointer& x, posting what) {
  const auto& order = std::get<order_placed>(what.what);
  note_refused_order refusal{
    what.dealer, order.product, order.quantity, order.customer_reference, {}, {}};
  auto owner = what.dealer;
  ask_entity<wallet_actor, receipt>(
    x, wallet_atom_v, owner, std::move(what), [x](const receipt& done) { succeed(x, done); },
    [x, refusal](const caf::error& failure) mutable {
      if (code_of(failure) == ec::insufficient_funds) {
        auto amounts = shortfall_of(failure);
        refusal.balance = amounts.balance;
        refusal.required = amounts.required;
        caf::anon_send(x->node->webhooks, std::move(refusal));
      }
      fail(x, failure);
    });
}

} // namespace meisim::http

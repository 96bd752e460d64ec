#pragma once

#include "actors/orders/routed_purchase.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/account_order.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/provider.hpp"

#include <unordered_map>
#include <vector>

namespace meisim {

struct credit_orders_state {
  static inline const char* name = "credit-orders";

  // Without it CAF would make the state from the actor's pointer, by its first member.
  credit_orders_state() = default;

  purchase_parties parties;
  struct open_order {
    order_terms terms;
    /// All who wait for the answer; the first is the one who placed it.
    std::vector<caf::typed_response_promise<account_outcome>> waiting;
  };

  /// Orders that the provider is being asked for.
  std::unordered_map<order_id, open_order> open;
};

/// Spawns as CREDIT ORDERS: notes the order as pending, asks the provider, notes how that ended,
/// and answers. A repetition waits for the same answer. The fulfilment settles what is left
/// pending, by the same reference.
credit_orders_actor::behavior_type credit_orders(
  credit_orders_actor::stateful_pointer<credit_orders_state> self, job_store_actor store,
  providers_actor provider, route_sources routes);

} // namespace meisim

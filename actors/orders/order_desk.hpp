#pragma once

#include "protocols/interfaces.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/order_desk.hpp"

namespace meisim {

struct order_desk_state {
  static inline const char* name = "order-desk";

  // Without it CAF would make the state from the actor's pointer, by its first member.
  order_desk_state() = default;

  job_store_actor store;
  region_actor region;
};

/// Spawns as ORDER DESK: what operators do about orders that do not end by themselves.
order_desk_actor::behavior_type order_desk(
  order_desk_actor::stateful_pointer<order_desk_state> self, job_store_actor store,
  region_actor region);

} // namespace meisim

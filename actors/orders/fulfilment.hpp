#pragma once

#include "actors/base/job_loop.hpp"
#include "actors/orders/routed_purchase.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/orders/fulfilment.hpp"

namespace meisim {

struct fulfilment_state {
  static inline const char* name = "fulfilment";

  // Without it CAF would make the state from the actor's pointer, by its first member.
  fulfilment_state() = default;

  job_loop loop;
  purchase_parties parties;
  region_actor region;
};

/// Spawns as FULFILMENT: for each order that is paid, it buys the units from a provider, queues the
/// mail of each with its delivery, and completes the order. It gives the money back for what cannot
/// be had. Every step is noted before the next begins, and is harmless to repeat: the provider
/// knows our reference, the refund has its posting id. A note is refused once somebody else has the
/// order.
job_worker_actor::behavior_type fulfilment(
  job_worker_actor::stateful_pointer<fulfilment_state> self, job_loop_config config,
  job_store_actor store, providers_actor provider, region_actor region, route_sources routes);

/// The posting that gives `units` of an order back; always the same one for an order. `attempt` is
/// the number under which the order's job was taken.
posting refund_posting(const order_to_fulfil& order, int32_t units, const std::string& reason,
                       int32_t attempt);

} // namespace meisim

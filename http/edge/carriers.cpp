#include "http/edge/carriers.hpp"

#include "http/edge/route.hpp"

#include <utility>

namespace meisim::http {

namespace {

constexpr size_t carriers_per_thread = 4;

carrier_actor spawn_carrier(caf::actor_system& system) {
  return system.spawn([](carrier_actor::pointer self) -> carrier_actor::behavior_type {
    return {[self](const exchange_pointer& what) { what->run(self); }};
  });
}

} // namespace

carriers::carriers(caf::actor_system& system) : system_(system) {
  auto threads =
    caf::get_or(system.config(), "scheduler.max-threads", caf::defaults::scheduler::max_threads);
  actors_.reserve(carriers_per_thread * threads);
  while (actors_.size() < carriers_per_thread * threads)
    actors_.push_back(spawn_carrier(system));
}

void carriers::carry(exchange_pointer what) {
  // A larger body takes a while to read, and nobody is to wait behind it: its carrier is its own,
  // and ends when the exchange no longer waits for anybody.
  auto carrier = what->incoming.body.size() > ordinary_body ? spawn_carrier(system_)
                                                            : actors_[turn_++ % actors_.size()];
  caf::anon_send(carrier, std::move(what));
}

} // namespace meisim::http

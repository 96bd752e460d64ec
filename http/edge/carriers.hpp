#pragma once

#include "http/edge/exchange.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <cstddef>
#include <vector>

namespace meisim::http {

/// The actors that carry exchanges. A few do it for all requests: to start and to end one for each
/// took an eighth of a node's processor time for an order.
class carriers {
public:
  explicit carriers(caf::actor_system& system);

  /// Runs the exchange; any thread may call this.
  void carry(exchange_pointer what);

private:
  caf::actor_system& system_;
  std::vector<carrier_actor> actors_;
  std::atomic<size_t> turn_{0};
};

} // namespace meisim::http

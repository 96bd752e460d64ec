#pragma once

#include "http/edge/exchange.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <cstddef>
#include <vector>

namespace meisim::http {

/// The actors that run exchanges. A few of them run all requests, since starting and ending one for
/// each request took an eighth of a node's processor time for an order.
class request_runners {
public:
  explicit request_runners(caf::actor_system& system);

  /// Runs the exchange; any thread may call this.
  void run(exchange_pointer what);

private:
  caf::actor_system& system_;
  std::vector<request_runner_actor> actors_;
  std::atomic<size_t> turn_{0};
};

} // namespace meisim::http

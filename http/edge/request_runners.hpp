#pragma once

#include "http/edge/dealer_turns.hpp"
#include "http/edge/exchange.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace meisim::http {

/// The actors that run exchanges. A few of them run all requests, because starting and ending an
/// actor for each request took an eighth of the processor time of an order. Requests with large
/// bodies, and those that make documents, have threads of their own with a low priority.
class request_runners {
public:
  explicit request_runners(caf::actor_system& system);

  ~request_runners();

  request_runners(const request_runners&) = delete;
  request_runners& operator=(const request_runners&) = delete;

  /// Runs the exchange; any thread may call this.
  void run(exchange_pointer what);

  /// A dealer has one long request under way.
  dealer_turns& long_work() {
    return *long_work_;
  }

private:
  std::vector<request_runner_actor> actors_;
  std::vector<request_runner_actor> readers_;
  std::atomic<size_t> turn_{0};
  std::shared_ptr<dealer_turns> long_work_ = std::make_shared<dealer_turns>(1, 16);
};

} // namespace meisim::http

#pragma once

#include <atomic>
#include <chrono>
#include <memory>

namespace meisim {

/// Until when this node may act as the owner of entities: five seconds after its last heartbeat
/// that reached the database. A node that was stopped for longer wakes up with a lease that has run
/// out, and owns nothing. Shared by all entities of a node; any thread may ask.
class ownership_lease {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Whether it holds at `now`. A lease that was never extended always holds, since the node is
  /// alone.
  bool holds(time_point now) const {
    return now < until_.load(std::memory_order_relaxed);
  }

  void extend_to(time_point until) {
    until_.store(until, std::memory_order_relaxed);
  }

private:
  std::atomic<time_point> until_{time_point::max()};
};

/// How long an entity stays in memory.
struct entity_terms {
  /// So long without a request.
  std::chrono::seconds idle{60};
  std::shared_ptr<const ownership_lease> lease = std::make_shared<ownership_lease>();
};

} // namespace meisim

#pragma once

#include "actors/access/rate_window.hpp"
#include "actors/base/metrics.hpp"
#include "actors/base/ownership_lease.hpp"
#include "actors/cluster/recent_limiters.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/published.hpp"
#include "protocols/base/records_pool.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/cluster/placement.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/supply/supply.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace meisim {

/// What a region needs to activate entities.
struct region_config {
  records_pool records;
  /// A wallet's postings all go to one of these.
  std::vector<ledger_writer_actor> writers;
  std::shared_ptr<const limit_table> limits;
  std::shared_ptr<const node_metrics> metrics;
  std::shared_ptr<const ownership_lease> lease = std::make_shared<ownership_lease>();
  /// Publishes the nodes that dealers are placed on, once there is a placement.
  std::shared_ptr<published<placed_nodes>> board = std::make_shared<published<placed_nodes>>();
  /// Whether other nodes may own entities. If so, nothing belongs here before the first placement.
  bool is_clustered = false;
  /// An entity that has not been used for so long leaves.
  std::chrono::seconds idle{60};
  /// How often idle entities are looked for.
  std::chrono::seconds sweep{10};
  /// From so many entities of a kind on, a new one may be idle only for a moment. So memory grows
  /// with the work under way, not with the number of dealers.
  size_t busy_threshold = 12'000;
  /// How many addresses without a sign-in are remembered. Each takes about a kilobyte.
  size_t most_addresses = 16'384;
  /// How long a caller waits for an owner that cannot be reached, before it is refused.
  std::chrono::milliseconds patience{8'000};
};

/// Nodes to place entities on; none where there is no other node than this one.
struct placing {
  std::vector<placed_node> nodes;
  /// In the order of the nodes.
  std::vector<uint64_t> marks = {};
};

struct region_state {
  static inline const char* name = "region";

  /// A caller that waits for an owner.
  struct seeker {
    /// Looks again; true if that has ended the wait.
    std::function<bool()> look;
    std::function<void()> give_up;
    std::chrono::steady_clock::time_point asked_at;
  };

  region_config config;
  /// Where pools and addresses are placed, and where dealers and their wallets are.
  placing everywhere;
  placing for_dealers;
  std::chrono::steady_clock::time_point next_sweep{};
  /// Entities activated since the last sweep.
  size_t fresh = 0;
  std::unordered_map<dealer_id, dealer_actor> dealers;
  std::unordered_map<dealer_id, wallet_actor> wallets;
  std::map<pool_name, pool_actor> pools;
  recent_limiters ip_limiters{0};
  std::unordered_map<uint64_t, seeker> seekers;
  uint64_t last_seeker = 0;
  /// Entities that were told to leave, as long as they are there.
  std::unordered_set<caf::actor> leaving;
  bool is_watching = false;
  std::vector<caf::typed_response_promise<done>> until_left;
};

/// Spawns as REGION.
region_actor::behavior_type region(region_actor::stateful_pointer<region_state> self,
                                   region_config config);

} // namespace meisim

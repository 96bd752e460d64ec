#pragma once

#include "actors/metrics.hpp"
#include "actors/rate_window.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace meisim {

/// What a region needs to activate entities.
struct region_config {
  records_pool records;
  /// A wallet's postings all go to one of these.
  std::vector<ledger_writer_actor> writers;
  std::shared_ptr<const limit_table> limits;
  std::shared_ptr<const node_metrics> metrics;
  /// An entity that has not been used for so long leaves.
  std::chrono::seconds idle{60};
  /// How often idle entities are looked for.
  std::chrono::seconds sweep{10};
  /// Whoever comes when there are so many of its kind already stays idle only for a moment: memory
  /// follows the work, not the number of dealers.
  size_t crowd = 20'000;
};

struct region_state {
  static inline const char* name = "region";

  region_config config;
  std::chrono::steady_clock::time_point next_sweep{};
  /// Entities activated since the last sweep.
  size_t fresh = 0;
  std::unordered_map<dealer_id, dealer_actor> dealers;
  std::unordered_map<dealer_id, wallet_actor> wallets;
  std::map<pool_name, pool_actor> pools;
  std::unordered_map<std::string, visitor_actor> visitors;
};

/// Spawns as REGION.
region_actor::behavior_type region(region_actor::stateful_pointer<region_state> self,
                                   region_config config);

} // namespace meisim

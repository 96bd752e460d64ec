#pragma once

#include "actors/base/ownership_lease.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/supply/stock.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace meisim {

/// What an inventory pool keeps in memory: the next rows to sell, and who gets which.
struct inventory_pool_state {
  static inline const char* name = "inventory-pool";

  struct sale {
    purchase wish;
    caf::typed_response_promise<receipt> answer;
    /// How often rows were chosen for it.
    int attempts = 0;
    /// How many reads had begun when the sale came, or when the rows that were known were last
    /// thrown away.
    uint64_t looks_before = 0;
    /// What was chosen for it last.
    shared_vector<stock_row> rows = {};
  };

  pool_name pool;
  region_actor region;
  stock_memory_actor memory;
  /// Rows that can be sold, oldest first.
  std::deque<stock_row> available;
  /// Rows that are chosen for a sale whose commit has not ended.
  std::unordered_set<inventory_id> in_flight;
  /// Sales for which no rows are chosen yet, in order of arrival.
  std::deque<sale> waiting;
  bool is_asking = false;
  /// How many reads of rows have begun.
  uint64_t looks = 0;
  /// The last read that found all rows there are. Another read would bring nothing to a sale that
  /// is older than this one.
  uint64_t whole_look = 0;
  /// Whether more rows are being read while there are some to sell.
  bool is_reading_ahead = false;
  /// Whether the last read found as many rows as it asked for.
  bool may_have_more = false;
  /// The greatest id that was read: what is read ahead comes after it.
  inventory_id highest;
  /// Rises when what is known of the stock is thrown away.
  uint64_t epoch = 0;
  /// Until there is a restock, no row with a smaller id can be sold any more, because a sold row
  /// never comes back.
  inventory_id lowest;
  usage_block usages;
  /// Nothing if it must be counted anew.
  std::optional<stock_counts> counts;
  /// Rises with whatever makes an older count wrong.
  uint64_t generation = 0;
  std::chrono::steady_clock::time_point last_used{};
  /// Whether another node is the owner now. Then sales whose commit is under way end, and the rest
  /// is refused.
  bool is_leaving = false;

  bool is_busy() const {
    return !waiting.empty() || !in_flight.empty() || is_asking;
  }

  /// Makes all waiting sales wait for a new read, not for one that is under way.
  void forget_looks();

  /// Takes up to `quantity` rows, oldest first.
  shared_vector<stock_row> choose(int32_t quantity);

  /// Puts rows that were not sold back to the front.
  void put_back(const shared_vector<stock_row>& rows);
};

/// The posting for a sale of exactly these rows: the full debit, and the refund for rows that are
/// missing.
posting sale_posting(const purchase& wish, int64_t usage, shared_vector<stock_row> rows,
                     instant at);

/// Spawns as INVENTORY POOL.
pool_actor::behavior_type inventory_pool(pool_actor::stateful_pointer<inventory_pool_state> self,
                                         pool_name pool, region_actor region,
                                         stock_memory_actor memory, const entity_terms& terms);

} // namespace meisim

#pragma once

#include "actors/access/rate_window.hpp"
#include "actors/base/ownership_lease.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace meisim {

/// What a dealer keeps in memory.
struct dealer_state {
  static inline const char* name = "dealer";

  using promise = caf::typed_response_promise<admission>;

  dealer_id id;
  dealer_memory_actor memory;
  std::shared_ptr<const limit_table> limits;
  /// Nothing while the account is not loaded.
  std::optional<dealer_record> account;
  rate_windows windows;
  /// Rises with each reload, so that the answer to an older question is dropped.
  uint32_t generation = 0;
  bool loading = false;
  std::vector<std::pair<admission_request, promise>> waiting;
  rate_window::clock_time last_used{};

  /// Judges a request at `time`: first its credential, then the account's status, then the rate
  /// window.
  admission judge(const admission_request& request, rate_window::clock_time time);
};

/// Spawns as DEALER.
dealer_actor::behavior_type dealer(dealer_actor::stateful_pointer<dealer_state> self, dealer_id id,
                                   dealer_memory_actor memory,
                                   std::shared_ptr<const limit_table> limits,
                                   const entity_terms& terms);

} // namespace meisim

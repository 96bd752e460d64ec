#pragma once

#include "actors/access/rate_window.hpp"
#include "actors/base/ownership_lease.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/interfaces.hpp"

#include <memory>

namespace meisim {

struct ip_limiter_state {
  static inline const char* name = "ip_limiter";

  std::string address;
  rate_windows windows;
};

/// Spawns as IP LIMITER. Without its `lease` the node is not the owner, and the answer says so.
ip_limiter_actor::behavior_type ip_limiter(
  ip_limiter_actor::stateful_pointer<ip_limiter_state> self, std::string address,
  const std::shared_ptr<const limit_table>& limits, std::shared_ptr<const ownership_lease> lease);

} // namespace meisim

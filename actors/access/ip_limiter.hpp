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

/// Spawns as IP LIMITER. It stays while a request still counts, even if it is idle for longer than
/// `terms` allow.
ip_limiter_actor::behavior_type ip_limiter(
  ip_limiter_actor::stateful_pointer<ip_limiter_state> self, std::string address,
  const std::shared_ptr<const limit_table>& limits, const entity_terms& terms);

} // namespace meisim

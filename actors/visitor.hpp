#pragma once

#include "actors/rate_window.hpp"
#include "protocols/interfaces.hpp"

#include <memory>

namespace meisim {

struct visitor_state {
  static inline const char* name = "visitor";

  rate_windows windows;
};

/// Spawns as VISITOR.
visitor_actor::behavior_type visitor(visitor_actor::stateful_pointer<visitor_state> self,
                                     std::shared_ptr<const limit_table> limits);

} // namespace meisim

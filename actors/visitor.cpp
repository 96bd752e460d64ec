#include "actors/visitor.hpp"

#include <fmt/core.h>

namespace meisim {

visitor_actor::behavior_type visitor(visitor_actor::stateful_pointer<visitor_state> self,
                                     std::shared_ptr<const limit_table> limits) {
  return {
    [self, limits](limit_class group) {
      admission result;
      auto verdict = self->state.windows.admit(*limits, group, self->clock().now());
      result.rate = verdict.state;
      if (!verdict.passes) {
        result.refusal = ec::rate_limited;
        result.message =
          fmt::format("at most {} requests of this kind in {} seconds from one address",
                      verdict.state.limit, limits->rule(group).window.count());
      }
      return result;
    },
    [self, limits](retire_atom) {
      if (self->state.windows.are_idle(*limits, self->clock().now()))
        self->quit();
    },
  };
}

} // namespace meisim

#include "actors/access/ip_limiter.hpp"

#include "protocols/cluster/remote.hpp"

#include <fmt/core.h>

#include <utility>

namespace meisim {

ip_limiter_actor::behavior_type ip_limiter(
  ip_limiter_actor::stateful_pointer<ip_limiter_state> self, std::string address,
  const std::shared_ptr<const limit_table>& limits, std::shared_ptr<const ownership_lease> lease) {
  self->state.address = std::move(address);
  return {
    [self, limits,
     lease = std::move(lease)](const address_request& request) -> caf::result<admission> {
      auto now = self->clock().now();
      if (!lease->holds(now))
        return make_error(ec::not_owner);
      admission result;
      auto verdict = request.only_asks ? self->state.windows.look(*limits, request.limit, now)
                                       : self->state.windows.admit(*limits, request.limit, now);
      result.rate = verdict.state;
      if (!verdict.passes) {
        result.refusal = ec::rate_limited;
        result.message =
          fmt::format("at most {} requests of this kind in {} seconds from one address",
                      verdict.state.limit, limits->rule(request.limit).window.count());
      }
      return result;
    },
    [self, limits](const rate_memory& memory) {
      self->state.windows.absorb(memory, *limits, self->clock().now());
    },
    [self, limits](const leave_order& order) {
      auto memory = self->state.windows.remember(*limits, self->clock().now());
      if (order.successor && !memory.windows.empty())
        self->send(order.successor, ip_limiter_memory{self->state.address, std::move(memory)});
      self->quit();
    },
  };
}

} // namespace meisim

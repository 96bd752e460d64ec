#include "actors/access/retention.hpp"

#include "protocols/base/log.hpp"

#include <chrono>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using retention_pointer = retention_actor::stateful_pointer<retention_state>;

constexpr auto between_portions = 200ms;
constexpr auto between_passes = 24h;
constexpr auto after_failure = 1min;

/// Whether there was another portion.
bool empty_portion(retention_state& state) {
  auto count = empty_old_orders(*state.db, state.days, state.orders);
  if (!count)
    count = empty_old_mails(*state.db, state.days, state.mails);
  if (!count)
    count = empty_old_messages(*state.db, state.days, state.messages);
  state.emptied += count.value_or(0);
  return count.has_value();
}

/// The next pass looks at all rows again: what was under way in this pass may have ended by then.
void end_pass(retention_state& state) {
  if (auto count = std::exchange(state.emptied, 0); count > 0)
    log_info("retention: emptied {} orders, mails and webhook messages that are older than {} days",
             count, state.days);
  state.orders = {};
  state.mails = {};
  state.messages = {};
}

} // namespace

retention_actor::behavior_type retention(retention_pointer self, std::string connection, int days) {
  self->state.db = std::make_unique<database>(std::move(connection), "retention", durability::soon);
  self->state.days = days;
  self->send(self, tick_atom_v);
  return {
    [self](tick_atom) {
      auto& state = self->state;
      auto went_on = guarded(*state.db, "emptying old rows", [&] { return empty_portion(state); });
      if (!went_on)
        return self->delayed_send(self, after_failure, tick_atom_v);
      if (*went_on)
        return self->delayed_send(self, between_portions, tick_atom_v);
      end_pass(state);
      self->delayed_send(self, between_passes, tick_atom_v);
    },
  };
}

} // namespace meisim

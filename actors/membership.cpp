#include "actors/membership.hpp"

#include "protocols/log.hpp"

#include <utility>

namespace meisim {

namespace {

using membership_pointer = membership_actor::stateful_pointer<membership_state>;

void take_answer(membership_pointer self, const beat_answer& answer) {
  auto& state = self->state;
  state.is_beating = false;
  state.config.self.is_first = false;
  if (!answer.is_displaced && !answer.is_to_drain)
    return;
  if (state.is_draining->exchange(true))
    return;
  if (answer.is_displaced)
    log_error("another process goes by the name {}: this one takes no more work",
              state.config.self.name);
  else
    log_info("the operator drains this node");
}

void beat(membership_pointer self) {
  auto& state = self->state;
  if (state.is_beating || self->clock().now() < state.next_beat)
    return;
  state.next_beat = self->clock().now() + state.config.beat;
  state.is_beating = true;
  const auto& metrics = *state.config.metrics;
  auto& mine = state.config.self;
  mine.is_draining = *state.is_draining;
  mine.entities = static_cast<int64_t>(
    metrics.active_dealers.Value() + metrics.active_wallets.Value() + metrics.active_pools.Value());
  self->request(state.book, caf::infinite, mine)
    .then([self](const beat_answer& answer) { take_answer(self, answer); },
          [self](const caf::error&) { self->state.is_beating = false; });
}

void tell_region(membership_pointer self, const dealer_changes& changes) {
  auto ignore = [](done) {};
  auto fail = [](const caf::error&) {};
  const auto& region = self->state.region;
  if (changes.may_have_gaps)
    self->request(region, caf::infinite, changed_atom_v).then(ignore, fail);
  for (const auto& dealer : changes.dealers)
    self->request(region, caf::infinite, changed_atom_v, dealer).then(ignore, fail);
}

void listen(membership_pointer self) {
  if (std::exchange(self->state.is_listening, true))
    return;
  self->request(self->state.book, caf::infinite, take_changes{})
    .then(
      [self](const dealer_changes& changes) {
        self->state.is_listening = false;
        tell_region(self, changes);
      },
      [self](const caf::error&) { self->state.is_listening = false; });
}

} // namespace

membership_actor::behavior_type membership(membership_pointer self, membership_config config,
                                           node_book_actor book, region_actor region,
                                           drain_flag is_draining) {
  auto& state = self->state;
  state.config = std::move(config);
  state.config.self.is_first = true;
  state.book = std::move(book);
  state.region = std::move(region);
  state.is_draining = std::move(is_draining);
  self->send(self, tick_atom_v);
  return {
    [self](tick_atom) {
      beat(self);
      listen(self);
      self->delayed_send(self, self->state.config.listen, tick_atom_v);
    },
  };
}

} // namespace meisim

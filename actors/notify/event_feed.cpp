#include "actors/notify/event_feed.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/notify/dealer_events.hpp"

#include <tuple>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using feed_pointer = event_feed_actor::stateful_pointer<event_feed_state>;

/// How late an event may be told.
constexpr auto look_pause = 500ms;

/// After so long a follower hears that there is nothing new. Proxies that wait a minute, or half of
/// one, see that the connection lives.
constexpr auto longest_silence = 10s;

constexpr auto forget_pause = 5min;

void look_soon(feed_pointer self) {
  if (!std::exchange(self->state.is_ticking, true))
    self->delayed_send(self, look_pause, tick_atom_v);
}

/// Answers those for whom there is something, and those who have waited long enough.
void look(feed_pointer self) {
  auto& state = self->state;
  std::vector<event_mark> marks;
  for (const auto& one : state.line)
    marks.push_back(one.known);
  auto told =
    guarded(*state.db, "looking for events", [&] { return events_after(*state.db, marks); });
  auto time = self->clock().now();
  std::vector<event_feed_state::waiting> left;
  for (size_t i = 0; i < state.line.size(); ++i) {
    auto& one = state.line[i];
    bool has_waited = time - one.since >= longest_silence;
    if (told && (!(*told)[i].events.empty() || has_waited))
      one.answer.deliver(std::move((*told)[i]));
    else if (!told && has_waited)
      one.answer.deliver(told_events{one.known, {}});
    else
      left.push_back(std::move(one));
  }
  state.line = std::move(left);
}

} // namespace

event_feed_actor::behavior_type event_feed(feed_pointer self, std::string connection) {
  self->state.db = std::make_unique<database>(std::move(connection), "events", durability::soon);
  self->delayed_send(self, forget_pause, sweep_atom_v);
  return {
    [self](const follow_events& wish) -> caf::result<event_start> {
      return answer_with(*self->state.db, "following events",
                         [&] { return keep_events_for(*self->state.db, wish); });
    },
    [self](const next_events& question) -> caf::result<told_events> {
      auto answer = self->make_response_promise<told_events>();
      self->state.line.push_back({question.known, answer, self->clock().now()});
      look_soon(self);
      return answer;
    },
    [self](tick_atom) {
      self->state.is_ticking = false;
      look(self);
      if (!self->state.line.empty())
        look_soon(self);
    },
    [self](sweep_atom) {
      std::ignore = done_with(*self->state.db, "forgetting events",
                              [&] { forget_old_events(*self->state.db); });
      self->delayed_send(self, forget_pause, sweep_atom_v);
    },
  };
}

} // namespace meisim

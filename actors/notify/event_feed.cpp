#include "actors/notify/event_feed.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/notify/dealer_events.hpp"
#include "persistence/operators/topics.hpp"

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

/// Answers everyone for whom `deliver` has something, and keeps the others waiting. Whoever has
/// waited long hears that there is nothing.
template <class Waiting, class Deliver>
std::vector<Waiting> those_left(std::vector<Waiting> line,
                                std::chrono::steady_clock::time_point time, Deliver deliver) {
  std::vector<Waiting> left;
  for (size_t i = 0; i < line.size(); ++i)
    if (!deliver(line[i], i, time - line[i].since >= longest_silence))
      left.push_back(std::move(line[i]));
  return left;
}

void look_for_events(feed_pointer self) {
  auto& state = self->state;
  if (state.line.empty())
    return;
  std::vector<event_mark> marks;
  for (const auto& one : state.line)
    marks.push_back(one.question.known);
  auto told =
    guarded(*state.db, "looking for events", [&] { return events_after(*state.db, marks); });
  auto deliver = [&told](auto& one, size_t i, bool has_waited) {
    if (told && (!(*told)[i].events.empty() || has_waited))
      one.answer.deliver(std::move((*told)[i]));
    else if (!told && has_waited)
      one.answer.deliver(told_events{one.question.known, {}});
    else
      return false;
    return true;
  };
  state.line = those_left(std::move(state.line), self->clock().now(), deliver);
}

void look_for_topics(feed_pointer self) {
  auto& state = self->state;
  if (state.operators.empty())
    return;
  auto now =
    guarded(*state.db, "looking for operators", [&] { return load_topic_marks(*state.db); });
  auto deliver = [&now](auto& one, size_t, bool has_waited) {
    if (now && (*now != one.question.known || one.question.at_once || has_waited))
      one.answer.deliver(topics_now{*now});
    else if (!now && has_waited)
      one.answer.deliver(topics_now{one.question.known});
    else
      return false;
    return true;
  };
  state.operators = those_left(std::move(state.operators), self->clock().now(), deliver);
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
      self->state.line.push_back({question, answer, self->clock().now()});
      look_soon(self);
      return answer;
    },
    [self](const next_topics& question) -> caf::result<topics_now> {
      auto answer = self->make_response_promise<topics_now>();
      self->state.operators.push_back({question, answer, self->clock().now()});
      look_soon(self);
      return answer;
    },
    [self](tick_atom) {
      self->state.is_ticking = false;
      look_for_events(self);
      look_for_topics(self);
      if (!self->state.line.empty() || !self->state.operators.empty())
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

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/notify/dealer_events.hpp"
#include "protocols/operators/topics.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace meisim {

struct event_feed_state {
  static inline const char* name = "event-feed";

  /// A question whose answer is not known yet, and who waits for it.
  template <class Question, class Answer>
  struct waiting {
    Question question;
    caf::typed_response_promise<Answer> answer;
    std::chrono::steady_clock::time_point since;
  };

  std::unique_ptr<database> db;
  std::vector<waiting<next_events, told_events>> line;
  std::vector<waiting<next_topics, topics_now>> operators;
  /// Whether it is going to look again. It rests while nobody waits.
  bool is_ticking = false;
};

/// Spawns detached as EVENT FEED with a session of its own on `connection`.
event_feed_actor::behavior_type event_feed(
  event_feed_actor::stateful_pointer<event_feed_state> self, std::string connection);

} // namespace meisim

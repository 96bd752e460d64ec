#pragma once

#include "http/edge/dealer_turns.hpp"
#include "http/server/response.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace meisim::http {

/// Server-sent events (HTML Living Standard, 9.2) of whatever is followed.
struct followed {
  /// What is told at once: where the follower begins.
  std::string head;
  /// Asks for what comes next, only once at a time. Calls `tell` with its lines, none for nothing
  /// new, or `end` where nobody knows, or nobody answers in time: the follower comes back for the
  /// rest.
  std::function<void(caf::event_based_actor* self, caf::duration in_time,
                     std::function<void(std::string)> tell,
                     std::function<void(const caf::error&)> end)>
    next;
};

/// The head of a stream: a browser comes back after two seconds, and goes on from `id`. Where
/// `has_gap`, something may have happened before of which nothing will be told.
std::string stream_head(std::string_view id, bool has_gap);

/// What is there at once is told, however long it takes. After `lasts` it ends, and the client
/// comes back. `turn` is held until then.
std::shared_ptr<chunk_source> stream_events(caf::actor_system& system, followed what,
                                            std::chrono::seconds lasts, dealer_turns::turn turn);

} // namespace meisim::http

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

/// Server-sent events (HTML Living Standard, 9.2) of what somebody follows.
struct followed {
  /// Told at once: where the follower begins.
  std::string head;
  /// Asks for what comes next; only one question is under way at a time. Calls `tell` with the
  /// lines, or with none if nothing is new. Calls `end` if nobody can answer in time; the follower
  /// comes back for the rest.
  std::function<void(caf::event_based_actor* self, caf::duration in_time,
                     std::function<void(std::string)> tell,
                     std::function<void(const caf::error&)> end)>
    next;
};

/// The head of a stream. A browser comes back after two seconds, and goes on from `id`. If
/// `has_gap`, something may have happened before that will not be told.
std::string stream_head(std::string_view id, bool has_gap);

/// The stream ends after `lasts`, and the client comes back. `turn` is held until then. The events
/// that are there at the beginning are told in any case.
std::shared_ptr<chunk_source> stream_events(caf::actor_system& system, followed what,
                                            std::chrono::seconds lasts, dealer_turns::turn turn);

} // namespace meisim::http

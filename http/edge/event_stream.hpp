#pragma once

#include "http/edge/dealer_turns.hpp"
#include "http/server/response.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/notify/dealer_events.hpp"

#include <chrono>
#include <memory>

namespace meisim::http {

/// Server-sent events (HTML Living Standard, 9.2) of a dealer, from `start` on, as they happen.
/// After `lasts` it ends, and the client comes back: so nobody listens for long by a credential
/// that has been taken back. `turn` is held until then.
std::shared_ptr<chunk_source> stream_events(caf::actor_system& system, event_feed_actor feed,
                                            dealer_id dealer, const event_start& start,
                                            std::chrono::seconds lasts, dealer_turns::turn turn);

} // namespace meisim::http

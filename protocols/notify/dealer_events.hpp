#pragma once

#include "protocols/base/id.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What happens to a dealer, for those who follow it as it happens (server-sent events).

namespace meisim {

/// How far a follower has read. Transactions end in another order than they begin. So an event is
/// told only when no transaction as old as its own is under way any more, and events are told in
/// this order.
struct event_position {
  /// The database's transaction that told of it.
  uint64_t transaction = 0;
  /// The number among all events.
  int64_t number = 0;

  auto operator<=>(const event_position&) const = default;
};

/// `81276-15`: what a client shows as `Last-Event-ID`.
std::string to_string(const event_position& position);

/// Nothing for another form.
std::optional<event_position> read_event_position(std::string_view text);

/// Begin to keep the dealer's events, for at least a quarter of an hour from now.
struct follow_events {
  dealer_id dealer;
  /// The last one that the follower knows, if it comes back.
  std::optional<event_position> known;
};

/// Where a follower begins.
struct event_start {
  event_position from;
  /// Whether something may have happened since `known` that was not kept.
  bool has_gap = false;
};

/// What a follower knows.
struct event_mark {
  dealer_id dealer;
  event_position position;
  /// The wallet's version, and how many rows of running batches have a verdict; -1 if the follower
  /// knows nothing yet.
  int64_t wallet_version = -1;
  int64_t rows_done = -1;
};

/// Wait for something that the follower does not know yet. If nothing comes in ten seconds the
/// answer is empty, so that the follower can show that the connection lives.
struct next_events {
  event_mark known;
};

struct dealer_event {
  /// The name that webhooks have for it, or `wallet.changed` or `batch.progress`.
  std::string name;
  /// JSON in one line.
  std::string data;
  /// Nothing for a state, of which only the last one matters.
  std::optional<event_position> position;
};

struct told_events {
  /// What the follower knows after this answer.
  event_mark known;
  std::vector<dealer_event> events;
};

} // namespace meisim

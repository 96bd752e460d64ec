#pragma once

#include "persistence/base/session.hpp"
#include "protocols/notify/dealer_events.hpp"

#include <vector>

namespace meisim {

/// Keeps the dealer's events from now on. One transaction.
event_start keep_events_for(database& db, const follow_events& wish);

/// For each mark, in order, what is new after it: events that were kept, and states that have
/// changed.
std::vector<told_events> events_after(database& db, const std::vector<event_mark>& marks);

/// Forgets events that are older than an hour, and followers that have gone before then.
void forget_old_events(database& db);

} // namespace meisim

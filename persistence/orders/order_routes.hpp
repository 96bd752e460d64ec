#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/fulfilment.hpp"

namespace meisim {

/// Durable at once, whatever the session's own rule; false and nothing if somebody else holds the
/// order's job.
bool keep_route(database& db, const note_route& what);

/// Makes work due that has to do with it.
void wake_for(database& db, const provider_news& news);

} // namespace meisim

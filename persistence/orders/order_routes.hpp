#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/fulfilment.hpp"

namespace meisim {

/// Durable at once, whatever the session's own rule. If somebody else holds the order's job, it
/// writes nothing and returns false.
bool keep_route(database& db, const note_route& what);

/// Makes the work due that this news concerns.
void wake_for(database& db, const provider_news& news);

} // namespace meisim

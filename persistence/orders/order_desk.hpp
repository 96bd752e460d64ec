#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/order_desk.hpp"

namespace meisim {

/// Orders as an operator sees them, newest first.
order_overviews overviews_of(database& db, const find_orders& question);

/// Makes the work on an order due; false if there is none.
bool make_order_due(database& db, const retry_order& wish);

} // namespace meisim

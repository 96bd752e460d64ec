#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/order_list.hpp"

#include <optional>

namespace meisim {

/// The order with its delivered units; nothing if there is none.
std::optional<order_to_fulfil> find_order(database& db, order_id id);

/// A dealer's last orders, newest first.
order_list orders_of(database& db, const list_orders& question);

/// Notes a delivered unit; harmless when repeated.
void insert_delivery(database& db, const delivered_esim& unit);

/// Notes that a unit was mailed.
void mark_mailed(database& db, const esim_mailed& unit);

/// Ends an order well, with its job.
void mark_completed(database& db, order_id id);

} // namespace meisim

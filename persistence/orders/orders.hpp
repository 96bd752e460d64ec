#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/order_list.hpp"

#include <optional>

namespace meisim {

/// The order with its delivered units; nothing if there is none.
std::optional<order_to_fulfil> find_order(database& db, order_id id);

/// The order of a short id; nothing if there is none.
std::optional<named_order> order_with(database& db, const find_order_named& question);

/// The next numbers for orders from the wallet, which nobody else gets.
order_number_block next_order_numbers(database& db);

/// A dealer's last orders, newest first.
order_list orders_of(database& db, const list_orders& question);

// Only the holder of an order's job can end the order or a part of it. These functions return false
// and write nothing if somebody else holds the job by now, or if the order has ended.

/// Notes a delivered unit, and queues its mail. Throws if the eSIM belongs to another order.
bool add_delivery_to_order(database& db, const note_delivery& what);

/// Ends an order well, with its job.
bool mark_completed(database& db, const complete_order& what);

/// The form in which statements take a cost that may not be known.
constexpr long long cents_or_none(const std::optional<money>& cost) {
  return cost ? cost->cents() : -1;
}

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"
#include "protocols/orders/account_order.hpp"

#include <optional>

namespace meisim {

/// Adds what an order on account tops up. Part of the caller's transaction.
void insert_recharge(soci::session& sql, order_id order, const recharge& what);

/// What an order tops up; nothing if it is no top-up.
std::optional<recharge> find_recharge(database& db, order_id order);

/// Ends a top-up well; false as in orders.hpp.
bool mark_recharge_finished(database& db, const finish_recharge& end);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"
#include "protocols/orders/account_order.hpp"

#include <optional>

namespace meisim {

/// Places the order with its job, which is due after `lease_seconds`, or finds the order that is
/// there. Empty if another request of the dealer has its Idempotency-Key. Its price counts against
/// the dealer's credit limit in the same commit. Durable at once, whatever the session's own rule.
account_placement place_order_on_account(database& db, const account_order& order,
                                         int32_t lease_seconds);

/// The order with this id. Nothing if there is none, or if it may be placed again.
std::optional<account_placement> account_order_under(database& db, order_id id);

/// Ends a pending order with its eSIM; false as in orders.hpp.
bool mark_account_order_finished(database& db, const finish_account_order& end);

/// Ends a pending order without an eSIM; false as in orders.hpp.
bool mark_account_order_failed(database& db, const fail_account_order& end);

/// The dealer's eSIM; nothing if it is somebody else's, or nobody's.
std::optional<sold_esim> esim_of_dealer(database& db, const find_esim& question);

/// With its audit event.
void mark_esim_revoked(database& db, const esim_revoked& what);

} // namespace meisim

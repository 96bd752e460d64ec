#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/page.hpp"
#include "protocols/orders/order_list.hpp"

#include <optional>

namespace meisim {

json_page browse(database& db, const browse_orders& question);

/// The dealer's order of this name; nothing if it is nobody's, or somebody else's.
std::optional<order_id> own_order_named(database& db, dealer_id dealer, const order_name& name);

/// All about an order; nothing if there is none.
std::optional<json_document> order_document(database& db, order_id order);

} // namespace meisim

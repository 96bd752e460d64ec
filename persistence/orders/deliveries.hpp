#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/fulfilment.hpp"

#include <optional>
#include <string>

namespace meisim {

/// Who has this eSIM already, by its ICCID or its activation code under whatever spelling: another
/// unit of an order, or the stock. A sentence's subject, such as `order MM-AB12CD`; nothing if it
/// is new. `add_delivery_to_order` fails for one that another unit has (`order_esims_one_iccid`,
/// `order_esims_one_code`).
std::optional<std::string> holder_of(database& db, const delivered_esim& unit);

} // namespace meisim

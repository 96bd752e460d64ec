#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/fulfilment.hpp"

#include <optional>
#include <string>

namespace meisim {

/// Who already has this eSIM, by its ICCID or its activation code in any spelling: another unit of
/// an order, or the stock. It reads as the subject of a sentence, such as `order MM-AB12CD`;
/// nothing if the eSIM is new. `add_delivery_to_order` fails for an eSIM that another unit has
/// (`order_esims_one_iccid`, `order_esims_one_code`).
std::optional<std::string> holder_of(database& db, const delivered_esim& unit);

} // namespace meisim

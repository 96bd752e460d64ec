#include "persistence/orders/deliveries.hpp"

#include "persistence/orders/deliveries.sql.hpp"
#include "protocols/orders/order.hpp"

namespace meisim {

std::optional<std::string> holder_of(database& db, const delivered_esim& unit) {
  std::string order = to_string(unit.order);
  std::string other, in_stock;
  db.session() << sql::find_holder, soci::use(unit.iccid, "iccid"), soci::use(unit.lpa, "lpa"),
    soci::use(order, "order"), soci::use(unit.unit, "unit"), soci::into(other),
    soci::into(in_stock);
  if (!other.empty())
    return "order " + other;
  if (!in_stock.empty())
    return "the stock, as iccid " + in_stock + ",";
  return std::nullopt;
}

} // namespace meisim

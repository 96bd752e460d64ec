#include "persistence/orders/recharges.hpp"

#include "persistence/orders/orders.hpp"
#include "persistence/orders/recharges.sql.hpp"

namespace meisim {

void insert_recharge(soci::session& session, order_id order, const recharge& what) {
  std::string id = to_string(order);
  long long value = what.value;
  long long bundle_value = what.bundle_value;
  session << sql::insert_recharge, soci::use(id, "id"),
    soci::use(what.sim.contact_number, "number"), soci::use(what.sim.sim_serial, "serial"),
    soci::use(what.currency, "currency"), soci::use(value, "value"),
    soci::use(what.bundle_code, "code"), soci::use(bundle_value, "extra");
}

std::optional<recharge> find_recharge(database& db, order_id order) {
  std::string id = to_string(order);
  recharge result;
  long long value = 0;
  long long bundle_value = 0;
  auto& session = db.session();
  session << sql::find_recharge, soci::use(id, "id"), soci::into(result.network),
    soci::into(result.sim.contact_number), soci::into(result.sim.sim_serial),
    soci::into(result.currency), soci::into(value), soci::into(result.bundle_code),
    soci::into(bundle_value);
  if (!session.got_data())
    return std::nullopt;
  result.value = value;
  result.bundle_value = bundle_value;
  return result;
}

bool mark_recharge_finished(database& db, const finish_recharge& end) {
  std::string id = to_string(end.id);
  long long cost = cents_or_none(end.cost);
  long long ended = 0;
  long long told = 0;
  db.session() << sql::finish_recharge, soci::use(id, "id"), soci::use(end.attempt, "attempt"),
    soci::use(end.provider_reference, "reference"), soci::use(cost, "cost"), soci::into(ended),
    soci::into(told);
  return ended > 0;
}

} // namespace meisim

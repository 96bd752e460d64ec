#include "persistence/orders/recharges.hpp"

#include "persistence/notify/webhook_events.hpp"

namespace meisim {

void insert_recharge(soci::session& sql, order_id order, const recharge& what) {
  std::string id = to_string(order);
  long long value = what.value;
  long long bundle_value = what.bundle_value;
  sql << "INSERT INTO recharges (order_id, contact_number, sim_serial, currency, value,"
         " bundle_code, bundle_value) VALUES (:id::uuid, nullif(:number, ''), nullif(:serial, ''),"
         " :currency, :value, nullif(:code, ''), :extra)"
         // Of an order that is placed again.
         " ON CONFLICT (order_id) DO UPDATE SET currency = excluded.currency,"
         " value = excluded.value, bundle_value = excluded.bundle_value",
    soci::use(id, "id"), soci::use(what.sim.contact_number, "number"),
    soci::use(what.sim.sim_serial, "serial"), soci::use(what.currency, "currency"),
    soci::use(value, "value"), soci::use(what.bundle_code, "code"),
    soci::use(bundle_value, "extra");
}

std::optional<recharge> find_recharge(database& db, order_id order) {
  std::string id = to_string(order);
  recharge result;
  long long value = 0;
  long long bundle_value = 0;
  auto& sql = db.session();
  sql << "SELECT o.product, coalesce(r.contact_number, ''), coalesce(r.sim_serial, ''), r.currency,"
         " r.value, coalesce(r.bundle_code, ''), r.bundle_value FROM recharges r"
         " JOIN orders o ON o.id = r.order_id WHERE r.order_id = :id::uuid",
    soci::use(id, "id"), soci::into(result.network), soci::into(result.sim.contact_number),
    soci::into(result.sim.sim_serial), soci::into(result.currency), soci::into(value),
    soci::into(result.bundle_code), soci::into(bundle_value);
  if (!sql.got_data())
    return std::nullopt;
  result.value = value;
  result.bundle_value = bundle_value;
  return result;
}

void mark_recharge_finished(database& db, const finish_recharge& end) {
  std::string id = to_string(end.id);
  db.session() << "WITH done AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid),"
                  " noted AS (UPDATE recharges SET provider_reference = :reference"
                  " WHERE order_id = :id::uuid AND provider_reference IS NULL),"
                  " ended AS (UPDATE orders SET status = 'completed', completed_at = now()"
                  " WHERE id = :id::uuid AND status = 'pending' RETURNING orders.*) SELECT "
               << tell_of_order
               << " FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_webhooks",
    soci::use(id, "id"), soci::use(end.provider_reference, "reference");
}

} // namespace meisim

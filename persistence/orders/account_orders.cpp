#include "persistence/orders/account_orders.hpp"

#include "persistence/base/jobs.hpp"
#include "persistence/notify/webhook_events.hpp"
#include "persistence/orders/recharges.hpp"

namespace meisim {

namespace {

void insert_pending(soci::session& sql, const account_order& order, int32_t lease_seconds,
                    long long& placed) {
  std::string id = to_string(order.id);
  std::string dealer = to_string(order.dealer);
  int mails = order.mails_customer ? 1 : 0;
  long long price = order.price.cents();
  int lease = lease_seconds;
  std::string type = order.top_up ? "topup" : "esim";
  std::string iccid = order.top_up ? order.top_up->sim.sim_serial : std::string{};
  sql
    << "WITH placed AS (INSERT INTO orders (id, dealer_id, type, product, customer_reference,"
       " customer_email, mails_customer, quantity, unit_price_cents, iccid, status, request_hash,"
       " product_name, created_at) VALUES (:id::uuid, :dealer::uuid, :type, :product, nullif(:reference, ''),"
       " nullif(:email, ''), :mails = 1, 1, :price, nullif(:iccid, ''), 'pending', :hash,"
       " nullif(:name, ''), now())"
       " ON CONFLICT (id) DO UPDATE SET status = 'pending', failure = NULL, completed_at = NULL,"
       " may_be_repeated = false, unit_price_cents = excluded.unit_price_cents,"
       " product_name = excluded.product_name, created_at = now() WHERE orders.may_be_repeated"
       " AND orders.request_hash = excluded.request_hash RETURNING id),"
       " job AS (INSERT INTO jobs (kind, subject, run_at) SELECT 'fulfil', id,"
       " now() + :lease * interval '1 second' FROM placed) SELECT count(*) FROM placed",
    soci::use(id, "id"), soci::use(dealer, "dealer"), soci::use(type, "type"),
    soci::use(order.product, "product"), soci::use(order.customer_reference, "reference"),
    soci::use(order.email, "email"), soci::use(mails, "mails"), soci::use(price, "price"),
    soci::use(iccid, "iccid"), soci::use(order.request_hash, "hash"),
    soci::use(order.product_name, "name"), soci::use(lease, "lease"), soci::into(placed);
}

account_placement find_placement(soci::session& sql, order_id id) {
  account_placement result;
  std::string key = to_string(id);
  long long price = 0;
  long long bundle_value = 0;
  sql << "SELECT coalesce(o.request_hash, ''), o.status, coalesce(o.failure, ''),"
         " coalesce(e.iccid, ''), coalesce(e.lpa, ''), coalesce(r.provider_reference, ''),"
         " o.unit_price_cents, coalesce(r.currency, ''), coalesce(r.bundle_value, 0)"
         " FROM orders o LEFT JOIN order_esims e ON e.order_id = o.id AND e.unit = 1"
         " LEFT JOIN recharges r ON r.order_id = o.id"
         " WHERE o.id = :id::uuid AND NOT o.may_be_repeated",
    soci::use(key, "id"), soci::into(result.request_hash), soci::into(result.status),
    soci::into(result.failure), soci::into(result.iccid), soci::into(result.lpa),
    soci::into(result.provider_reference), soci::into(price), soci::into(result.terms.currency),
    soci::into(bundle_value);
  result.terms.price = money::from_cents(price);
  result.terms.bundle_value = bundle_value;
  return result;
}

} // namespace

account_placement place_order_on_account(database& db, const account_order& order,
                                         int32_t lease_seconds) {
  transaction tx{db};
  auto& sql = db.session();
  // Were this row lost, nobody would know what the provider has sold.
  sql << "SET LOCAL synchronous_commit = on";
  long long placed = 0;
  insert_pending(sql, order, lease_seconds, placed);
  if (placed > 0 && order.top_up)
    insert_recharge(sql, order.id, *order.top_up);
  auto result = find_placement(sql, order.id);
  result.is_new = placed > 0;
  tx.commit();
  return result;
}

std::optional<account_placement> account_order_under(database& db, order_id id) {
  auto result = find_placement(db.session(), id);
  if (!db.session().got_data())
    return std::nullopt;
  return result;
}

void mark_account_order_finished(database& db, const finish_account_order& end) {
  transaction tx{db};
  insert_delivery(db, end.unit);
  std::string id = to_string(end.unit.order);
  std::string ended;
  long long told = 0;
  auto& sql = db.session();
  sql
    << "WITH done AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid), ended AS (UPDATE orders SET status = 'completed', completed_at = now(), iccid = :iccid"
       " WHERE id = :id::uuid AND status = 'pending' RETURNING orders.*)"
       " SELECT e.id::text, CASE WHEN w.has_webhooks THEN "
    << tell_of_order << " ELSE 0 END FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id",
    soci::use(id, "id"), soci::use(end.unit.iccid, "iccid"), soci::into(ended), soci::into(told);
  if (end.mail && sql.got_data())
    queue_mail(db, *end.mail);
  tx.commit();
}

bool mark_account_order_failed(database& db, const fail_account_order& end) {
  std::string id = to_string(end.id);
  int may_be_repeated = end.may_be_repeated ? 1 : 0;
  std::string ended;
  long long told = 0;
  auto& sql = db.session();
  // Whoever has leased the job asks the provider as well: then it is no longer sure that nothing is
  // bought. Without an Idempotency-Key there is no hash, and nobody who could repeat it.
  sql << "WITH done AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid"
         " AND (:repeat = 0 OR attempts = 0) RETURNING subject),"
         " ended AS (UPDATE orders SET status = 'failed', failure = :reason, completed_at = now(),"
         " may_be_repeated = :repeat = 1 AND coalesce(request_hash, '') <> ''"
         " WHERE id = :id::uuid AND status = 'pending'"
         " AND (:repeat = 0 OR EXISTS (SELECT FROM done)) RETURNING orders.*)"
         " SELECT e.id::text, CASE WHEN w.has_webhooks AND NOT e.may_be_repeated THEN "
      << tell_of_order << " ELSE 0 END FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id",
    soci::use(id, "id"), soci::use(may_be_repeated, "repeat"), soci::use(end.reason, "reason"),
    soci::into(ended), soci::into(told);
  return sql.got_data();
}

std::optional<sold_esim> esim_of_dealer(database& db, const find_esim& question) {
  std::string dealer = to_string(question.dealer);
  std::string order;
  std::string product;
  auto& sql = db.session();
  sql << "SELECT o.id::text, o.product FROM order_esims e JOIN orders o ON o.id = e.order_id"
         " WHERE e.iccid = :iccid AND o.dealer_id = :dealer::uuid",
    soci::use(question.iccid, "iccid"), soci::use(dealer, "dealer"), soci::into(order),
    soci::into(product);
  if (!sql.got_data())
    return std::nullopt;
  return sold_esim{order_id::parse(order).value_or(order_id{}), question.iccid, product};
}

void mark_esim_revoked(database& db, const esim_revoked& what) {
  db.session() << "WITH gone AS (UPDATE order_esims SET revoked_at = coalesce(revoked_at, now())"
                  " WHERE iccid = :iccid RETURNING order_id, unit)"
                  " UPDATE orders o SET status = 'revoked' FROM gone WHERE o.id = gone.order_id"
                  " AND o.status = 'completed' AND NOT EXISTS (SELECT FROM order_esims e"
                  " WHERE e.order_id = o.id AND e.unit <> gone.unit AND e.revoked_at IS NULL)",
    soci::use(what.iccid, "iccid");
}

} // namespace meisim

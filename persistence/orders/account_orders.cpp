#include "persistence/orders/account_orders.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/access/credit.hpp"
#include "persistence/orders/account_orders.sql.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/orders/recharges.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/orders/provider.hpp"

namespace meisim {

namespace {

void insert_pending(soci::session& session, const account_order& order, int32_t lease_seconds,
                    long long& placed) {
  std::string id = to_string(order.id);
  std::string dealer = to_string(order.dealer);
  int mails = order.mails_customer ? 1 : 0;
  long long price = order.price.cents();
  int lease = lease_seconds;
  std::string type = order.top_up ? "topup" : "esim";
  std::string lane{provider_prefix(order.product)};
  std::string iccid = order.top_up ? order.top_up->sim.sim_serial : std::string{};
  session << sql::place_account_order, soci::use(id, "id"), soci::use(dealer, "dealer"),
    soci::use(type, "type"), soci::use(order.product, "product"),
    soci::use(order.customer_reference, "reference"), soci::use(order.email, "email"),
    soci::use(mails, "mails"), soci::use(price, "price"), soci::use(iccid, "iccid"),
    soci::use(order.idempotency_key, "key"), soci::use(order.request_hash, "hash"),
    soci::use(order.product_name, "name"), soci::use(order.country, "country"),
    soci::use(order.origin.id, "request"), soci::use(order.origin.trace_parent, "trace"),
    soci::use(order.route, "route"), soci::use(lane, "lane"), soci::use(lease, "lease"),
    soci::into(placed);
}

account_placement find_placement(soci::session& session, order_id id) {
  account_placement result;
  std::string key = to_string(id);
  long long price = 0;
  long long bundle_value = 0;
  long long placed_since = 0;
  session << sql::find_placement, soci::use(key, "id"), soci::into(result.request_hash),
    soci::into(result.status), soci::into(result.failure), soci::into(result.iccid),
    soci::into(result.lpa), soci::into(result.provider_reference), soci::into(price),
    soci::into(result.terms.currency), soci::into(bundle_value),
    soci::into(result.terms.contact_number), soci::into(result.short_id), soci::into(placed_since);
  result.placed_since = from_micros(placed_since);
  result.terms.price = money::from_cents(price);
  result.terms.bundle_value = bundle_value;
  return result;
}

account_placement place(database& db, const account_order& order, int32_t lease_seconds) {
  // If this row were lost, nobody would know what the provider has sold.
  transaction tx{db, durability::at_once};
  auto& session = db.session();
  long long placed = 0;
  insert_pending(session, order, lease_seconds, placed);
  if (placed > 0 && order.top_up)
    insert_recharge(session, order.id, *order.top_up);
  auto result = find_placement(session, order.id);
  result.is_new = placed > 0;
  tx.commit();
  return result;
}

} // namespace

account_placement place_order_on_account(database& db, const account_order& order,
                                         int32_t lease_seconds) {
  try {
    return place(db, order, lease_seconds);
  } catch (const soci::soci_error& error) {
    auto violated = read_failure(error).constraint;
    account_placement result;
    if (violated == "job_holds_none")
      result.is_held = true;
    else if (violated == "credit_accounts_within_limit")
      result.exhausted = credit_of(db, order.dealer);
    // Otherwise another request has the key, one that the wallet pays for.
    else if (violated != "postings_idempotency_key")
      throw;
    return result;
  }
}

std::optional<account_placement> account_order_under(database& db, order_id id) {
  auto result = find_placement(db.session(), id);
  if (!db.session().got_data())
    return std::nullopt;
  return result;
}

bool mark_account_order_finished(database& db, const finish_account_order& end) {
  transaction tx{db};
  if (!add_delivery_to_order(db, {end.unit, end.mail, end.attempt}))
    return false;
  std::string id = to_string(end.unit.order);
  long long ended = 0;
  long long told = 0;
  db.session() << sql::finish_account_order, soci::use(id, "id"), soci::use(end.attempt, "attempt"),
    soci::use(end.unit.iccid, "iccid"), soci::into(ended), soci::into(told);
  if (ended == 0)
    return false;
  tx.commit();
  return true;
}

bool mark_account_order_failed(database& db, const fail_account_order& end) {
  // The caller is told that nothing was bought. If this commit were lost, the order would be bought
  // later.
  transaction tx{db, durability::at_once};
  std::string id = to_string(end.id);
  int may_be_repeated = end.may_be_repeated ? 1 : 0;
  long long ended = 0;
  long long told = 0;
  std::string dealer;
  db.session() << sql::fail_account_order, soci::use(id, "id"), soci::use(end.attempt, "attempt"),
    soci::use(may_be_repeated, "repeat"), soci::use(end.reason, "reason"), soci::into(ended),
    soci::into(told), soci::into(dealer);
  if (ended == 0)
    return false;
  if (end.by)
    write_audit_event(db,
                      {*end.by,
                       id,
                       dealer_id::parse(dealer).value_or(dealer_id{}),
                       {},
                       json_object([&](json_writer& out) { out.member("reason", end.reason); })});
  tx.commit();
  return true;
}

std::optional<sold_esim> esim_of_dealer(database& db, const find_esim& question) {
  std::string dealer = to_string(question.dealer);
  std::string order;
  sold_esim sold;
  auto& session = db.session();
  session << sql::find_esim_of_dealer, soci::use(question.iccid, "iccid"),
    soci::use(dealer, "dealer"), soci::into(order), soci::into(sold.iccid),
    soci::into(sold.product), soci::into(sold.lpa);
  if (!session.got_data())
    return std::nullopt;
  sold.order = order_id::parse(order).value_or(order_id{});
  return sold;
}

void mark_esim_revoked(database& db, const esim_revoked& what) {
  transaction tx{db, durability::at_once};
  db.session() << sql::revoke_esim, soci::use(what.iccid, "iccid");
  write_audit_event(db, {what.by, what.iccid, what.dealer});
  tx.commit();
}

} // namespace meisim

#include "persistence/orders/orders.hpp"

#include "persistence/notify/mails.hpp"
#include "persistence/orders/orders.sql.hpp"
#include "persistence/orders/recharges.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/address_json.hpp"

namespace meisim {

namespace {

struct select_order {
  explicit select_order(soci::session& session)
    : statement((session.prepare << sql::find_order, soci::use(id, "id"), soci::into(dealer),
                 soci::into(product), soci::into(status), soci::into(email), soci::into(name),
                 soci::into(language), soci::into(imei), soci::into(eid), soci::into(address),
                 soci::into(quantity), soci::into(price), soci::into(on_account), soci::into(mails),
                 soci::into(is_top_up), soci::into(product_name), soci::into(reference),
                 soci::into(country), soci::into(short_name), soci::into(placed_since),
                 soci::into(routes), soci::into(trace_parent))) {
    // nop
  }

  std::string id, dealer, product, product_name, status, email, name, language, imei, eid, address,
    reference, country, short_name, routes, trace_parent;
  int quantity = 0;
  long long price = 0;
  int on_account = 0;
  int mails = 0;
  int is_top_up = 0;
  long long placed_since = 0;
  soci::statement statement;
};

struct select_deliveries {
  explicit select_deliveries(soci::session& session)
    : statement((session.prepare << sql::list_deliveries, soci::use(id, "id"), soci::into(unit),
                 soci::into(iccid), soci::into(lpa), soci::into(bought))) {
    // nop
  }

  std::string id, iccid, lpa, bought;
  int unit = 0;
  soci::statement statement;
};

struct add_delivery {
  explicit add_delivery(soci::session& session)
    : statement((session.prepare << sql::insert_delivery, soci::use(id, "id"),
                 soci::use(attempt, "attempt"), soci::use(unit, "unit"), soci::use(iccid, "iccid"),
                 soci::use(lpa, "lpa"), soci::use(reference, "reference"), soci::use(cost, "cost"),
                 soci::use(mail, "mail"), soci::use(bought, "bought"), soci::into(added))) {
    // nop
  }

  std::string id, iccid, lpa, reference, mail, bought;
  int attempt = 0;
  int unit = 0;
  long long cost = 0;
  long long added = 0;
  soci::statement statement;
};

struct finish_order {
  explicit finish_order(soci::session& session)
    : statement((session.prepare << sql::complete_order, soci::use(id, "id"),
                 soci::use(attempt, "attempt"), soci::into(ended), soci::into(told))) {
    // nop
  }

  std::string id;
  int attempt = 0;
  long long ended = 0;
  long long told = 0;
  soci::statement statement;
};

struct select_orders {
  explicit select_orders(soci::session& session)
    : statement((session.prepare << sql::list_orders, soci::use(dealer, "dealer"),
                 soci::use(limit, "limit"), soci::into(id), soci::into(type), soci::into(product),
                 soci::into(reference), soci::into(email), soci::into(iccid), soci::into(amount),
                 soci::into(status), soci::into(created))) {
    // nop
  }

  std::string dealer, id, type, product, reference, email, iccid, status;
  int limit = 0;
  long long amount = 0;
  long long created = 0;
  soci::statement statement;
};

postal_address read_address(const std::string& text) {
  auto json = parse_json_object(text);
  return json ? address_from(*json) : postal_address{};
}

/// Empty for an empty text.
std::vector<order_route> read_routes(const std::string& text) {
  std::vector<order_route> result;
  auto json = text.empty() ? Json::Value{} : parse_json(text).value();
  for (const auto& route : json)
    result.push_back(
      {route["unit"].asInt(), route["product"].asString(), route["is_open"].asBool()});
  return result;
}

} // namespace

std::optional<order_to_fulfil> find_order(database& db, order_id id) {
  auto& query = db.prepared<select_order>();
  query.id = to_string(id);
  if (!query.statement.execute(true))
    return std::nullopt;
  order_to_fulfil result;
  result.id = id;
  result.short_id = query.short_name;
  result.dealer = dealer_id::parse(query.dealer).value_or(dealer_id{});
  result.product = query.product;
  result.product_name = query.product_name;
  result.customer_reference = query.reference;
  result.country = query.country;
  result.status = query.status;
  result.buyer = {query.email, query.name, query.language,
                  query.imei,  query.eid,  read_address(query.address)};
  result.quantity = query.quantity;
  result.unit_price = money::from_cents(query.price);
  result.is_on_account = query.on_account != 0;
  result.mails_customer = query.mails != 0;
  result.placed_since = from_micros(query.placed_since);
  result.routes = read_routes(query.routes);
  result.trace_parent = query.trace_parent;
  if (query.is_top_up != 0) {
    result.top_up = find_recharge(db, id);
    return result;
  }
  auto& deliveries = db.prepared<select_deliveries>();
  deliveries.id = query.id;
  deliveries.statement.execute();
  while (deliveries.statement.fetch())
    result.delivered.push_back(
      {id, deliveries.unit, deliveries.iccid, deliveries.lpa, {}, {}, deliveries.bought});
  return result;
}

std::optional<named_order> order_with(database& db, const find_order_named& question) {
  long long number = question.number;
  std::string id;
  db.session() << sql::find_order_named, soci::use(number, "number"), soci::into(id);
  if (auto found = order_id::parse(id))
    return named_order{*found};
  return std::nullopt;
}

order_number_block next_order_numbers(database& db) {
  long long first = 0;
  db.session() << sql::reserve_order_numbers, soci::into(first);
  return {first, 128};
}

order_list orders_of(database& db, const list_orders& question) {
  auto& query = db.prepared<select_orders>();
  query.dealer = to_string(question.dealer);
  query.limit = question.limit;
  query.statement.execute();
  order_list result;
  while (query.statement.fetch())
    result.orders.push_back({order_id::parse(query.id).value_or(order_id{}), query.type,
                             query.product, query.reference, query.email, query.iccid,
                             money::from_cents(query.amount), query.status,
                             from_micros(query.created)});
  return result;
}

bool add_delivery_to_order(database& db, const note_delivery& what) {
  transaction tx{db};
  db.session() << sql::hold_imports_up;
  auto& query = db.prepared<add_delivery>();
  query.id = to_string(what.unit.order);
  query.attempt = what.attempt;
  query.unit = what.unit.unit;
  query.iccid = what.unit.iccid;
  query.lpa = what.unit.lpa;
  query.reference = what.unit.provider_order_id;
  query.cost = cents_or_none(what.unit.cost);
  query.mail = what.mail ? to_string(what.mail->id) : std::string{};
  query.bought = what.unit.bought_as;
  query.statement.execute(true);
  if (query.added == 0)
    return false;
  if (what.mail) {
    pipeline steps{db};
    queue_mail(steps, *what.mail);
    steps.run();
  }
  tx.commit();
  return true;
}

bool mark_completed(database& db, const complete_order& what) {
  auto& query = db.prepared<finish_order>();
  query.id = to_string(what.id);
  query.attempt = what.attempt;
  query.statement.execute(true);
  return query.ended > 0;
}

} // namespace meisim

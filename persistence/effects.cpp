#include "persistence/effects.hpp"

#include "protocols/answers.hpp"

namespace meisim {

namespace {

using postings_view = std::span<const std::shared_ptr<const decided_posting>>;

struct lock_stock {
  explicit lock_stock(soci::session& sql)
    : statement(
      (sql.prepare << "WITH locked AS (SELECT id FROM inventory WHERE id = ANY(:ids::uuid[])"
                      " AND status = 'available' FOR UPDATE SKIP LOCKED)"
                      " SELECT coalesce(string_agg(id::text, ','), '') FROM locked",
       soci::use(ids, "ids"), soci::into(locked))) {
    // nop
  }

  std::string ids, locked;
  soci::statement statement;
};

struct lock_orders {
  explicit lock_orders(soci::session& sql)
    : statement((sql.prepare << "WITH locked AS (SELECT id FROM orders WHERE id = ANY(:ids::uuid[])"
                                " AND status = 'processing' FOR UPDATE)"
                                " SELECT coalesce(string_agg(id::text, ','), '') FROM locked",
                 soci::use(ids, "ids"), soci::into(locked))) {
    // nop
  }

  std::string ids, locked;
  soci::statement statement;
};

struct insert_orders {
  explicit insert_orders(soci::session& sql)
    : statement((
      sql.prepare
        << "WITH placed AS (INSERT INTO orders (id, dealer_id, posting_id, type, product, customer_email,"
           " customer_name, language, imei, eid, address, quantity, unit_price_cents, status, created_at)"
           " SELECT o.id, o.dealer, o.posting, 'esim', o.product, o.email, o.name, o.language, o.imei, o.eid,"
           " o.address, o.quantity, o.unit_price, 'processing',"
           " timestamptz 'epoch' + o.at * interval '1 microsecond'"
           " FROM unnest(:ids::uuid[], :dealers::uuid[], :postings::uuid[], :products::text[],"
           " :emails::text[], :names::text[], :languages::text[], :imeis::text[], :eids::text[],"
           " :addresses::jsonb[], :quantities::integer[], :prices::bigint[], :times::bigint[])"
           " AS o(id, dealer, posting, product, email, name, language, imei, eid, address, quantity,"
           " unit_price, at) RETURNING id)"
           " INSERT INTO jobs (kind, subject, run_at) SELECT 'fulfil', id, now() FROM placed",
      soci::use(ids, "ids"), soci::use(dealers, "dealers"), soci::use(postings, "postings"),
      soci::use(products, "products"), soci::use(emails, "emails"), soci::use(names, "names"),
      soci::use(languages, "languages"), soci::use(imeis, "imeis"), soci::use(eids, "eids"),
      soci::use(addresses, "addresses"), soci::use(quantities, "quantities"),
      soci::use(prices, "prices"), soci::use(times, "times"))) {
    // nop
  }

  std::string ids, dealers, postings, products, emails, names, languages, imeis, eids, addresses,
    quantities, prices, times;
  soci::statement statement;
};

struct end_orders {
  explicit end_orders(soci::session& sql)
    : statement(
      (sql.prepare
         << "WITH ended AS (UPDATE orders o SET"
            " status = CASE WHEN e.failed THEN 'failed' ELSE 'completed' END,"
            " failure = e.reason, completed_at = now(),"
            " iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id"
            " ORDER BY s.unit LIMIT 1)"
            " FROM unnest(:ids::uuid[], :failed::boolean[], :reasons::text[])"
            " AS e(id, failed, reason) WHERE o.id = e.id RETURNING o.id)"
            " DELETE FROM jobs j USING ended WHERE j.kind = 'fulfil' AND j.subject = ended.id",
       soci::use(ids, "ids"), soci::use(failed, "failed"), soci::use(reasons, "reasons"))) {
    // nop
  }

  std::string ids, failed, reasons;
  soci::statement statement;
};

struct insert_usages {
  explicit insert_usages(soci::session& sql)
    : statement(
      (sql.prepare
         << "INSERT INTO usages (id, dealer_id, posting_id, sku_id, quantity, unit_price_cents,"
            " inventory_ids, created_at) SELECT u.id, u.dealer, u.posting, u.sku, u.quantity,"
            " u.unit_price, u.rows::uuid[], timestamptz 'epoch' + u.at * interval '1 microsecond'"
            " FROM unnest(:ids::bigint[], :dealers::uuid[], :postings::uuid[], :skus::uuid[],"
            " :quantities::integer[], :prices::bigint[], :rows::text[], :times::bigint[])"
            " AS u(id, dealer, posting, sku, quantity, unit_price, rows, at)",
       soci::use(ids, "ids"), soci::use(dealers, "dealers"), soci::use(postings, "postings"),
       soci::use(skus, "skus"), soci::use(quantities, "quantities"), soci::use(prices, "prices"),
       soci::use(rows, "rows"), soci::use(times, "times"))) {
    // nop
  }

  std::string ids, dealers, postings, skus, quantities, prices, rows, times;
  soci::statement statement;
};

struct assign_stock {
  explicit assign_stock(soci::session& sql)
    : statement(
      (sql.prepare
         << "UPDATE inventory i SET status = 'sold', dealer_id = a.dealer, usage_id = a.usage,"
            " assigned_at = timestamptz 'epoch' + a.at * interval '1 microsecond'"
            " FROM unnest(:ids::uuid[], :dealers::uuid[], :usages::bigint[], :times::bigint[])"
            " AS a(id, dealer, usage, at) WHERE i.id = a.id",
       soci::use(ids, "ids"), soci::use(dealers, "dealers"), soci::use(usages, "usages"),
       soci::use(times, "times"))) {
    // nop
  }

  std::string ids, dealers, usages, times;
  soci::statement statement;
};

template <class Effect, class F>
void for_each_effect(postings_view postings, F visit) {
  for (const auto& posting : postings)
    if (auto* what = std::get_if<Effect>(&posting->what.what))
      visit(*posting, *what);
}

template <class Effect>
bool has_effect(postings_view postings) {
  for (const auto& posting : postings)
    if (std::holds_alternative<Effect>(posting->what.what))
      return true;
  return false;
}

/// Reads ids that were joined by commas.
template <class Id>
std::unordered_set<Id> split_ids(std::string_view joined) {
  constexpr size_t id_size = 36;
  std::unordered_set<Id> result;
  for (size_t begin = 0; begin + id_size <= joined.size(); begin += id_size + 1)
    if (auto parsed = Id::parse(joined.substr(begin, id_size)))
      result.insert(*parsed);
  return result;
}

void lock_sold_rows(database& db, postings_view postings, std::unordered_set<posting_id>& stale) {
  array_text ids;
  bool any = false;
  for_each_effect<supply_sold>(postings, [&](const decided_posting&, const supply_sold& sale) {
    for (const auto& row : sale.rows)
      ids.add(row.id);
    any = any || !sale.rows.empty();
  });
  if (!any)
    return;
  auto& query = db.prepared<lock_stock>();
  query.ids = ids.take();
  query.statement.execute(true);
  auto locked = split_ids<inventory_id>(query.locked);
  for_each_effect<supply_sold>(postings,
                               [&](const decided_posting& posting, const supply_sold& sale) {
                                 for (const auto& row : sale.rows)
                                   // A row that two postings of one batch chose goes to the first.
                                   if (locked.erase(row.id) == 0)
                                     stale.insert(posting.what.id);
                               });
}

void lock_refunded_orders(database& db, postings_view postings,
                          std::unordered_set<posting_id>& stale) {
  if (!has_effect<order_refunded>(postings))
    return;
  array_text ids;
  for_each_effect<order_refunded>(postings,
                                  [&](const auto&, const auto& refund) { ids.add(refund.id); });
  auto& query = db.prepared<lock_orders>();
  query.ids = ids.take();
  query.statement.execute(true);
  auto locked = split_ids<order_id>(query.locked);
  for_each_effect<order_refunded>(postings, [&](const auto& posting, const auto& refund) {
    if (locked.erase(refund.id) == 0)
      stale.insert(posting.what.id);
  });
}

std::string address_json(const postal_address& address) {
  if (address.first_name.empty() && address.address_line_1.empty())
    return {};
  return fmt::format(
    R"({{"first_name":{},"last_name":{},"address_line_1":{},"city":{},"state":{},"zip_code":{},)"
    R"("phone":{}}})",
    json_quoted(address.first_name), json_quoted(address.last_name),
    json_quoted(address.address_line_1), json_quoted(address.city), json_quoted(address.state),
    json_quoted(address.zip_code), json_quoted(address.phone));
}

void write_orders(database& db, postings_view postings) {
  if (!has_effect<order_placed>(postings))
    return;
  array_text ids, dealers, refs, products, emails, names, languages, imeis, eids, addresses,
    quantities, prices, times;
  for_each_effect<order_placed>(postings,
                                [&](const decided_posting& posting, const order_placed& order) {
                                  ids.add(order.id);
                                  dealers.add(posting.what.dealer);
                                  refs.add(posting.what.id);
                                  products.add(order.product);
                                  emails.add(order.buyer.email);
                                  names.add(order.buyer.name);
                                  languages.add_optional(order.buyer.language);
                                  imeis.add_optional(order.buyer.imei);
                                  eids.add_optional(order.buyer.eid);
                                  addresses.add_optional(address_json(order.buyer.address));
                                  quantities.add(order.quantity);
                                  prices.add(order.unit_price.cents());
                                  times.add(micros(posting.decided_at));
                                });
  auto& query = db.prepared<insert_orders>();
  query.ids = ids.take();
  query.dealers = dealers.take();
  query.postings = refs.take();
  query.products = products.take();
  query.emails = emails.take();
  query.names = names.take();
  query.languages = languages.take();
  query.imeis = imeis.take();
  query.eids = eids.take();
  query.addresses = addresses.take();
  query.quantities = quantities.take();
  query.prices = prices.take();
  query.times = times.take();
  query.statement.execute(true);
}

void write_refunds(database& db, postings_view postings) {
  if (!has_effect<order_refunded>(postings))
    return;
  array_text ids, failed, reasons;
  for_each_effect<order_refunded>(postings, [&](const auto&, const order_refunded& refund) {
    ids.add(refund.id);
    failed.add(std::string_view{refund.failed ? "t" : "f"});
    reasons.add(refund.reason);
  });
  auto& query = db.prepared<end_orders>();
  query.ids = ids.take();
  query.failed = failed.take();
  query.reasons = reasons.take();
  query.statement.execute(true);
}

void write_usages(database& db, postings_view postings) {
  array_text ids, dealers, refs, skus, quantities, prices, rows, times;
  for_each_effect<supply_sold>(postings,
                               [&](const decided_posting& posting, const supply_sold& sale) {
                                 array_text sold;
                                 for (const auto& row : sale.rows)
                                   sold.add(row.id);
                                 ids.add(sale.usage);
                                 dealers.add(posting.what.dealer);
                                 refs.add(posting.what.id);
                                 skus.add(sale.sku);
                                 quantities.add(sale.quantity);
                                 prices.add(sale.unit_price.cents());
                                 rows.add(sold.take());
                                 times.add(micros(sale.assigned_at));
                               });
  auto& query = db.prepared<insert_usages>();
  query.ids = ids.take();
  query.dealers = dealers.take();
  query.postings = refs.take();
  query.skus = skus.take();
  query.quantities = quantities.take();
  query.prices = prices.take();
  query.rows = rows.take();
  query.times = times.take();
  query.statement.execute(true);
}

void write_assignments(database& db, postings_view postings) {
  array_text ids, dealers, usages, times;
  for_each_effect<supply_sold>(postings,
                               [&](const decided_posting& posting, const supply_sold& sale) {
                                 for (const auto& row : sale.rows) {
                                   ids.add(row.id);
                                   dealers.add(posting.what.dealer);
                                   usages.add(sale.usage);
                                   times.add(micros(sale.assigned_at));
                                 }
                               });
  auto& query = db.prepared<assign_stock>();
  query.ids = ids.take();
  query.dealers = dealers.take();
  query.usages = usages.take();
  query.times = times.take();
  query.statement.execute(true);
}

struct kind_namer {
  std::string_view operator()(const wallet_adjusted&) const {
    return "adjustment";
  }
  std::string_view operator()(const order_placed&) const {
    return "order";
  }
  std::string_view operator()(const order_refunded&) const {
    return "order_refund";
  }
  std::string_view operator()(const supply_sold&) const {
    return "supply";
  }
};

} // namespace

std::string_view kind_of(const effect& what) {
  return std::visit(kind_namer{}, what);
}

std::unordered_set<posting_id> lock_effects(database& db, postings_view postings) {
  std::unordered_set<posting_id> stale;
  lock_sold_rows(db, postings, stale);
  lock_refunded_orders(db, postings, stale);
  return stale;
}

void write_effects(database& db, postings_view postings) {
  write_orders(db, postings);
  write_refunds(db, postings);
  if (has_effect<supply_sold>(postings)) {
    write_usages(db, postings);
    write_assignments(db, postings);
  }
}

} // namespace meisim

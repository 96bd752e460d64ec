#include "persistence/supply/stock.hpp"

#include "persistence/base/array.hpp"
#include "persistence/base/json_pages.hpp"
#include "persistence/supply/replacements.hpp"
#include "persistence/supply/stock.sql.hpp"

#include <fmt/core.h>

#include <iterator>
#include <stdexcept>
#include <unordered_set>
#include <utility>

namespace meisim {

namespace {

struct select_sellable {
  explicit select_sellable(soci::session& session)
    : statement((session.prepare << sql::list_sellable, soci::use(carrier, "carrier"),
                 soci::use(plan, "plan"), soci::use(from, "from"), soci::use(except, "except"),
                 soci::use(limit, "limit"), soci::into(ids), soci::into(iccids), soci::into(lpas),
                 soci::into(places))) {
    // nop
  }

  void resize(size_t size) {
    ids.resize(size);
    iccids.resize(size);
    lpas.resize(size);
    places.resize(size);
  }

  static constexpr size_t fetch_size = 1'000;

  std::string carrier, plan, from, except;
  int limit = 0;
  std::vector<std::string> ids = std::vector<std::string>(fetch_size);
  std::vector<std::string> iccids = std::vector<std::string>(fetch_size);
  std::vector<std::string> lpas = std::vector<std::string>(fetch_size);
  std::vector<long long> places = std::vector<long long>(fetch_size);
  soci::statement statement;
};

struct select_owned {
  explicit select_owned(soci::session& session)
    : statement((session.prepare << sql::list_esims, soci::use(dealer, "dealer"),
                 soci::use(limit, "limit"), soci::use(offset, "offset"), soci::into(id),
                 soci::into(iccid), soci::into(lpa), soci::into(carrier), soci::into(plan),
                 soci::into(status), soci::into(assigned), soci::into(usage),
                 soci::into(confirmation_code))) {
    // nop
  }

  std::string dealer, id, iccid, lpa, carrier, plan, status, confirmation_code;
  int limit = 0;
  int offset = 0;
  long long assigned = 0;
  long long usage = 0;
  soci::statement statement;
};

struct insert_rows {
  explicit insert_rows(soci::session& session)
    : statement((session.prepare << sql::insert_stock, soci::use(carrier, "carrier"),
                 soci::use(plan, "plan"), soci::use(ids, "ids"), soci::use(numbers, "numbers"),
                 soci::use(iccids, "iccids"), soci::use(lpas, "lpas"),
                 soci::use(secrets, "secrets"), soci::use(lot, "lot"), soci::use(cost, "cost"),
                 soci::into(left_out))) {
    // nop
  }

  std::string carrier, plan, ids, numbers, iccids, lpas, secrets, lot;
  long long cost = -1;
  long long left_out = 0;
  soci::statement statement;
};

/// The lines of these numbers, each with the reason why it was left out.
std::vector<duplicate_line> explain_duplicates(database& db, const std::vector<stock_line>& lines,
                                               const std::unordered_set<int64_t>& left_out) {
  std::vector<duplicate_line> result;
  if (left_out.empty())
    return result;
  array_text numbers, iccids, lpas;
  for (const auto& line : lines)
    if (left_out.contains(line.number)) {
      numbers.add(line.number);
      iccids.add(line.iccid);
      lpas.add(line.lpa);
    }
  std::string all_numbers = numbers.take();
  std::string all_iccids = iccids.take();
  std::string all_lpas = lpas.take();
  long long number = 0;
  std::string reason;
  soci::statement query = (db.session().prepare << sql::explain_duplicates,
                           soci::use(all_numbers, "numbers"), soci::use(all_iccids, "iccids"),
                           soci::use(all_lpas, "lpas"), soci::into(number), soci::into(reason));
  query.execute();
  while (query.fetch())
    result.push_back({number, reason});
  return result;
}

/// Takes in the lines that are neither in stock nor delivered, and tells why the others were left
/// out.
std::vector<duplicate_line> add_lines(database& db, const import_stock& rows) {
  array_text ids, numbers, iccids, lpas, secrets;
  for (const auto& line : rows.lines) {
    ids.add(inventory_id::make());
    numbers.add(line.number);
    iccids.add(line.iccid);
    lpas.add(line.lpa);
    secrets.add_optional(line.confirmation_code);
  }
  auto& query = db.prepared<insert_rows>();
  query.carrier = rows.pool.carrier;
  query.plan = rows.pool.plan_type;
  query.ids = ids.take();
  query.numbers = numbers.take();
  query.iccids = iccids.take();
  query.lpas = lpas.take();
  query.secrets = secrets.take();
  query.lot = rows.lot;
  query.cost = rows.cost ? rows.cost->cents() : -1;
  query.statement.execute();
  std::unordered_set<int64_t> left_out;
  while (query.statement.fetch())
    left_out.insert(query.left_out);
  return explain_duplicates(db, rows.lines, left_out);
}

bool is_any_delivered_meanwhile(database& db) {
  plan_by_values(db);
  int is_any = 0;
  db.session() << sql::find_delivered_meanwhile, soci::into(is_any);
  return is_any != 0;
}

/// Adds the lines first, which may be many, and only then keeps deliveries out while it looks for
/// what came meanwhile. If some of the lines were delivered, all are added again.
std::vector<duplicate_line> add_undelivered(database& db, const import_stock& rows) {
  auto& session = db.session();
  session << "SAVEPOINT before_lines";
  auto duplicates = add_lines(db, rows);
  session << sql::keep_deliveries_out;
  if (!is_any_delivered_meanwhile(db))
    return duplicates;
  session << "ROLLBACK TO SAVEPOINT before_lines";
  session << sql::keep_deliveries_out;
  return add_lines(db, rows);
}

/// The ids of the selected rows, as an array's text.
std::string find_selected(database& db, const stock_selection& what) {
  array_text iccids;
  for (const auto& iccid : what.iccids)
    iccids.add(iccid);
  std::string list = iccids.take();
  std::string ids;
  db.session() << sql::find_selected, soci::use(what.lot, "lot"), soci::use(list, "iccids"),
    soci::into(ids);
  return ids;
}

} // namespace

stock_slice sellable_rows(database& db, const load_stock& question) {
  int is_held = 0;
  db.session() << sql::is_stock_held, soci::into(is_held);
  if (is_held != 0)
    return {{}, true};
  auto& query = db.prepared<select_sellable>();
  array_text except;
  for (auto id : question.except)
    except.add(id);
  query.carrier = question.pool.carrier;
  query.plan = question.pool.plan_type;
  query.from = to_string(question.from);
  query.except = except.take();
  query.limit = question.limit;
  query.resize(select_sellable::fetch_size);
  query.statement.execute();
  stock_slice result;
  result.rows.reserve(static_cast<size_t>(question.limit));
  while (query.statement.fetch()) {
    for (size_t i = 0; i < query.ids.size(); ++i)
      if (auto id = inventory_id::parse(query.ids[i]))
        result.rows.push_back({*id, query.iccids[i], query.lpas[i], query.places[i]});
    query.resize(select_sellable::fetch_size);
  }
  return result;
}

stock_counts counts_of(database& db, const pool_name& pool) {
  long long available = 0;
  long long sold = 0;
  long long burned = 0;
  db.session() << sql::count_stock, soci::use(pool.carrier, "carrier"),
    soci::use(pool.plan_type, "plan"), soci::into(available), soci::into(sold), soci::into(burned);
  return {available, sold, burned};
}

pool_list all_pools(database& db) {
  pool_name pool;
  int threshold = 0;
  soci::statement query = (db.session().prepare << sql::list_pools, soci::into(pool.carrier),
                           soci::into(pool.plan_type), soci::into(threshold));
  query.execute();
  pool_list result;
  while (query.fetch()) {
    result.pools.push_back(pool);
    result.thresholds.push_back(threshold);
  }
  return result;
}

esim_page esims_of(database& db, const list_esims& question) {
  auto& query = db.prepared<select_owned>();
  query.dealer = to_string(question.dealer);
  query.limit = question.limit;
  query.offset = question.offset;
  query.statement.execute();
  esim_page page;
  while (query.statement.fetch())
    page.esims.push_back(
      {{inventory_id::parse(query.id).value_or(inventory_id{}), query.iccid, query.lpa},
       {query.carrier, query.plan},
       query.status,
       from_micros(query.assigned),
       query.usage,
       query.confirmation_code});
  long long total = 0;
  db.session() << sql::count_esims, soci::use(query.dealer, "dealer"), soci::into(total);
  page.total = total;
  return page;
}

supply_sold find_sale(database& db, int64_t usage) {
  supply_sold sale;
  long long number = usage;
  long long price = 0;
  long long assigned = 0;
  std::string id, iccid, lpa;
  soci::statement query =
    (db.session().prepare << sql::find_sale, soci::use(number, "usage"), soci::into(sale.quantity),
     soci::into(price), soci::into(assigned), soci::into(sale.pool.carrier),
     soci::into(sale.pool.plan_type), soci::into(id), soci::into(iccid), soci::into(lpa));
  query.execute();
  std::vector<stock_row> rows;
  bool is_there = false;
  while (query.fetch()) {
    is_there = true;
    // A sale that found nothing has a row without an eSIM.
    if (auto sold = inventory_id::parse(id))
      rows.push_back({*sold, iccid, lpa});
  }
  if (!is_there)
    throw std::logic_error(fmt::format("there is no sale {}", usage));
  sale.usage = usage;
  sale.unit_price = money::from_cents(price);
  sale.assigned_at = from_micros(assigned);
  sale.rows = std::move(rows);
  return sale;
}

import_result insert_stock(database& db, const import_stock& rows) {
  transaction tx{db};
  db.session() << sql::wait_for_imports;
  auto duplicates = add_undelivered(db, rows);
  serve_waiting(db, rows.pool);
  tx.commit();
  return {std::ssize(rows.lines) - std::ssize(duplicates), std::move(duplicates)};
}

stock_withdrawn withdraw_rows(database& db, const withdraw_stock& wish) {
  transaction tx{db};
  auto ids = find_selected(db, wish.what);
  long long count = 0;
  db.session() << sql::withdraw_stock, soci::use(ids, "ids"), soci::use(wish.reason, "reason"),
    soci::into(count);
  pool_name pool;
  soci::statement query = (db.session().prepare << sql::list_pools_of, soci::use(ids, "ids"),
                           soci::into(pool.carrier), soci::into(pool.plan_type));
  query.execute();
  stock_withdrawn result{count, {}};
  while (query.fetch())
    result.pools.push_back(pool);
  tx.commit();
  return result;
}

sold_stock sold_of(database& db, const stock_selection& what) {
  auto ids = find_selected(db, what);
  sold_stock_row row;
  long long usage = 0;
  long long sold = 0;
  int is_burned = 0;
  soci::statement query =
    (db.session().prepare << sql::list_sold_of, soci::use(ids, "ids"), soci::into(row.iccid),
     soci::into(row.pool.carrier), soci::into(row.pool.plan_type), soci::into(row.dealer),
     soci::into(usage), soci::into(sold), soci::into(is_burned));
  query.execute();
  sold_stock result;
  while (query.fetch()) {
    row.usage = usage;
    row.sold_at = from_micros(sold);
    row.is_burned = is_burned != 0;
    result.rows.push_back(row);
  }
  return result;
}

lot_list all_lots(database& db) {
  lot_row row;
  long long cost = 0;
  long long imported = 0;
  long long available = 0;
  long long sold = 0;
  long long burned = 0;
  long long withdrawn = 0;
  long long quarantined = 0;
  long long since = 0;
  long long oldest = 0;
  soci::statement query =
    (db.session().prepare << sql::list_lots, soci::into(row.lot), soci::into(row.pool.carrier),
     soci::into(row.pool.plan_type), soci::into(cost), soci::into(imported), soci::into(available),
     soci::into(sold), soci::into(burned), soci::into(withdrawn), soci::into(quarantined),
     soci::into(row.reason), soci::into(since), soci::into(oldest));
  query.execute();
  lot_list result;
  while (query.fetch()) {
    row.cost = cost < 0 ? std::nullopt : std::optional{money::from_cents(cost)};
    row.imported = imported;
    row.available = available;
    row.sold = sold;
    row.burned = burned;
    row.withdrawn = withdrawn;
    row.quarantined = quarantined;
    row.imported_at = from_micros(since);
    row.oldest_at = from_micros(oldest);
    result.lots.push_back(row);
  }
  return result;
}

usage_block next_usages(database& db) {
  long long first = 0;
  db.session() << sql::reserve_usages, soci::into(first);
  return {first, 1'000};
}

json_page browse(database& db, const browse_purchases& question) {
  page_reader page{question.page};
  std::string dealer = to_string(question.dealer);
  soci::statement query =
    (db.session().prepare << sql::browse_purchases, soci::use(dealer, "dealer"),
     soci::use(page.at, "at"), soci::use(page.most, "limit"), soci::into(page.item_at),
     soci::into(page.item_id), soci::into(page.item));
  return page.read(query);
}

} // namespace meisim

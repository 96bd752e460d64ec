#include "persistence/supply/quarantine.hpp"

#include "persistence/base/array.hpp"
#include "persistence/supply/quarantine.sql.hpp"
#include "persistence/supply/replacements.hpp"
#include "persistence/supply/stock.hpp"

namespace meisim {

namespace {

std::string list_of_iccids(const std::vector<std::string>& iccids) {
  array_text list;
  for (const auto& iccid : iccids)
    list.add(iccid);
  return list.take();
}

std::vector<pool_name> pools_with(database& db, const std::string& lot, const std::string& iccids) {
  pool_name pool;
  soci::statement query =
    (db.session().prepare << sql::list_pools_with, soci::use(lot, "lot"),
     soci::use(iccids, "iccids"), soci::into(pool.carrier), soci::into(pool.plan_type));
  query.execute();
  std::vector<pool_name> result;
  while (query.fetch())
    result.push_back(pool);
  return result;
}

} // namespace

std::optional<stock_quarantined> quarantine(database& db, const quarantine_stock& wish) {
  transaction tx{db};
  auto& session = db.session();
  std::string held;
  session << sql::lock_hold, soci::into(held);
  if (!session.got_data()) {
    tx.commit();
    return std::nullopt;
  }
  auto iccids = list_of_iccids(wish.iccids);
  int next = wish.next_of_each_pool;
  long long told = 0;
  long long others = 0;
  session << sql::quarantine_told, soci::use(iccids, "iccids"), soci::into(told);
  session << sql::quarantine_next, soci::use(next, "next"), soci::into(others);
  tx.commit();
  return stock_quarantined{told + others};
}

stock_released release(database& db, const release_stock& wish) {
  transaction tx{db};
  auto iccids = list_of_iccids(wish.what.iccids);
  stock_released result;
  long long count = 0;
  db.session() << sql::release_stock, soci::use(iccids, "iccids"), soci::use(wish.what.lot, "lot"),
    soci::into(count);
  result.count = count;
  if (count > 0)
    result.pools = pools_with(db, wish.what.lot, iccids);
  for (const auto& pool : result.pools)
    serve_waiting(db, pool);
  tx.commit();
  return result;
}

void serve_all_waiting(database& db) {
  for (const auto& pool : all_pools(db).pools)
    serve_waiting(db, pool);
}

} // namespace meisim

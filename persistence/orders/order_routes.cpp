#include "persistence/orders/order_routes.hpp"

#include "persistence/orders/order_routes.sql.hpp"

namespace meisim {

bool keep_route(database& db, const note_route& what) {
  // If this row were lost, another provider might be asked for what the first has sold.
  transaction tx{db, durability::at_once};
  auto& session = db.session();
  std::string id = to_string(what.order);
  int unit = what.route.unit;
  int open = what.route.is_open ? 1 : 0;
  int attempt = what.attempt;
  long long noted = 0;
  session << sql::note_route, soci::use(id, "id"), soci::use(attempt, "attempt"),
    soci::use(unit, "unit"), soci::use(what.route.product, "product"), soci::use(open, "open"),
    soci::into(noted);
  if (noted == 0)
    return false;
  tx.commit();
  return true;
}

void wake_for(database& db, const provider_news& news) {
  long long woken = 0;
  db.session() << sql::wake_for_news, soci::use(news.provider, "provider"),
    soci::use(news.provider_order, "number"), soci::use(news.reference, "reference"),
    soci::use(news.iccid, "iccid"), soci::into(woken);
}

} // namespace meisim

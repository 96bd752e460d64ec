#include "persistence/access/retention.hpp"

#include "persistence/access/retention.sql.hpp"

#include <string>

namespace meisim {

namespace {

/// So few that no other statement waits long for a row.
constexpr int rows_at_once = 500;

// Any number does, as long as all nodes use the same.
constexpr long long retention_lock = 7'205'759'404;

bool take_turn(database& db) {
  long long lock = retention_lock;
  int has_turn = 0;
  db.session() << sql::take_retention_turn, soci::use(lock, "lock"), soci::into(has_turn);
  return has_turn != 0;
}

std::optional<int64_t> empty_next(database& db, const char* statement, int days,
                                  retention_place& place) {
  transaction tx{db};
  if (!take_turn(db))
    return std::nullopt;
  long long after = place.after;
  auto last = to_string(place.last);
  int portion = rows_at_once;
  long long reached = 0;
  long long emptied = 0;
  std::string id;
  db.session() << statement, soci::use(after, "after"), soci::use(last, "last"),
    soci::use(days, "days"), soci::use(portion, "portion"), soci::into(reached), soci::into(id),
    soci::into(emptied);
  if (!db.session().got_data())
    return std::nullopt;
  tx.commit();
  place = {reached, parse_uuid(id).value_or(uuid{})};
  return emptied;
}

} // namespace

std::optional<int64_t> empty_old_orders(database& db, int days, retention_place& place) {
  return empty_next(db, sql::empty_old_orders, days, place);
}

std::optional<int64_t> empty_old_mails(database& db, int days, retention_place& place) {
  return empty_next(db, sql::empty_old_mails, days, place);
}

std::optional<int64_t> empty_old_messages(database& db, int days, retention_place& place) {
  return empty_next(db, sql::empty_old_messages, days, place);
}

} // namespace meisim

#include "persistence/operators/node_keys.hpp"

#include "persistence/operators/node_keys.sql.hpp"

namespace meisim {

void propose_node_key(database& db, const node_key& key) {
  db.session() << sql::propose_node_key, soci::use(key.name, "name"), soci::use(key.id, "id"),
    soci::use(key.sealed, "sealed");
}

std::vector<node_key> all_node_keys(database& db) {
  node_key row;
  long long made = 0;
  long long until = 0;
  soci::statement query =
    (db.session().prepare << sql::list_node_keys, soci::into(row.name), soci::into(row.id),
     soci::into(row.sealed), soci::into(made), soci::into(until));
  query.execute();
  std::vector<node_key> result;
  while (query.fetch()) {
    row.made_at = from_micros(made);
    row.former_until = from_micros(until);
    result.push_back(row);
  }
  return result;
}

void replace_node_key(database& db, node_key& key, std::chrono::seconds former_lifetime) {
  auto seconds = static_cast<int>(former_lifetime.count());
  long long made = 0;
  long long until = 0;
  db.session() << sql::replace_node_key, soci::use(key.name, "name"), soci::use(key.id, "id"),
    soci::use(key.sealed, "sealed"), soci::use(seconds, "seconds"), soci::into(made),
    soci::into(until);
  key.made_at = from_micros(made);
  key.former_until = from_micros(until);
}

bool is_automation_closed(database& db) {
  int is_closed = 0;
  db.session() << sql::is_automation_closed, soci::into(is_closed);
  return is_closed != 0;
}

} // namespace meisim

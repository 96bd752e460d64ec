#include "persistence/base/rights.hpp"

#include "persistence/base/migrations.hpp"
#include "persistence/base/rights.sql.hpp"

namespace meisim {

std::string own_role(database& db) {
  std::string role;
  db.session() << sql::find_own_role, soci::into(role);
  return role;
}

void grant_rights(database& owner, const std::string& service) {
  if (own_role(owner) == service)
    return;
  migration_turn turn{owner};
  std::string set;
  turn.session() << sql::set_service_role, soci::use(service, "role"), soci::into(set);
  turn.run(sql::grant_rights);
}

bool owns_ledger(database& db) {
  int owns = 0;
  db.session() << sql::owns_ledger, soci::into(owns);
  return owns != 0;
}

} // namespace meisim

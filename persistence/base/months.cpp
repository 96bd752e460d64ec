#include "persistence/base/months.hpp"

#include "persistence/base/months.sql.hpp"

namespace meisim {

int make_months(database& db) {
  int made = 0;
  db.session() << sql::make_months, soci::into(made);
  return made;
}

} // namespace meisim

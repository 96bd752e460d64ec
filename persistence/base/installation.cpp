#include "persistence/base/installation.hpp"

#include "persistence/base/installation.sql.hpp"

namespace meisim {

std::string installation_of(database& db) {
  std::string result;
  db.session() << sql::find_installation, soci::into(result);
  return result;
}

} // namespace meisim

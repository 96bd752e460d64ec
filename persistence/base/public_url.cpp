#include "persistence/base/public_url.hpp"

#include "persistence/base/public_url.sql.hpp"

namespace meisim {

void note_public_url(database& db, const std::string& url) {
  db.session() << sql::note_public_url, soci::use(url, "url");
}

} // namespace meisim

#include "persistence/access/otps.hpp"

#include "persistence/access/otps.sql.hpp"

namespace meisim {

void replace_code(database& db, dealer_id dealer, const std::string& hash) {
  std::string owner = to_string(dealer);
  db.session() << sql::replace_code, soci::use(owner, "dealer"), soci::use(hash, "hash");
}

bool spend_code(database& db, dealer_id dealer, const std::string& hash) {
  transaction tx{db};
  auto& session = db.session();
  std::string owner = to_string(dealer);
  int is_right = 0;
  session << sql::count_code_try, soci::use(owner, "dealer"), soci::use(hash, "hash"),
    soci::into(is_right);
  if (is_right != 0)
    session << sql::delete_code, soci::use(owner, "dealer");
  tx.commit();
  return is_right != 0;
}

} // namespace meisim

#include "persistence/access/otps.hpp"

#include "persistence/access/otps.sql.hpp"
#include "persistence/base/jobs.hpp"

namespace meisim {

void issue_code(database& db, dealer_id dealer, const std::string& hash,
                const std::string& recipient, std::string_view kind, const std::string& values) {
  transaction tx{db};
  std::string owner = to_string(dealer);
  db.session() << sql::replace_code, soci::use(owner, "dealer"), soci::use(hash, "hash");
  queue_mail(db, {mail_id::make(), recipient, std::string{kind}, "en", values});
  tx.commit();
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

#include "persistence/access/otps.hpp"

#include "persistence/base/jobs.hpp"

namespace meisim {

void issue_code(database& db, dealer_id dealer, const std::string& hash,
                const std::string& recipient, std::string_view kind, const std::string& values) {
  transaction tx{db};
  std::string owner = to_string(dealer);
  db.session()
    << "INSERT INTO otps (dealer_id, code_hash, expires_at) VALUES (:dealer::uuid, decode(:hash, 'hex'),"
       " now() + interval '5 minutes') ON CONFLICT (dealer_id) DO UPDATE SET"
       " code_hash = excluded.code_hash, expires_at = excluded.expires_at, attempts = 0",
    soci::use(owner, "dealer"), soci::use(hash, "hash");
  queue_mail(db, {mail_id::make(), recipient, std::string{kind}, "en", values});
  tx.commit();
}

bool spend_code(database& db, dealer_id dealer, const std::string& hash) {
  transaction tx{db};
  auto& sql = db.session();
  std::string owner = to_string(dealer);
  int is_right = 0;
  // The row's lock makes tries that come at once count one after the other.
  sql
    << "UPDATE otps SET attempts = attempts + 1 WHERE dealer_id = :dealer::uuid AND expires_at > now()"
       " AND attempts < 5 RETURNING (code_hash = decode(:hash, 'hex'))::int",
    soci::use(owner, "dealer"), soci::use(hash, "hash"), soci::into(is_right);
  if (is_right != 0)
    sql << "DELETE FROM otps WHERE dealer_id = :dealer::uuid", soci::use(owner, "dealer");
  tx.commit();
  return is_right != 0;
}

} // namespace meisim

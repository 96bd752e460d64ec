#include "persistence/access/second_factors.hpp"

#include "persistence/access/second_factors.sql.hpp"
#include "persistence/base/array.hpp"
#include "protocols/base/crypto.hpp"

namespace meisim {

second_factor lock_second_factor(database& db, dealer_id dealer) {
  std::string owner = to_string(dealer);
  second_factor result;
  int is_confirmed = 0;
  long long step = 0;
  db.session() << sql::find_second_factor, soci::use(owner, "dealer"), soci::into(result.secret),
    soci::into(is_confirmed), soci::into(step);
  result.is_confirmed = is_confirmed != 0;
  result.step = step;
  return result;
}

void keep_second_factor(database& db, dealer_id dealer, const std::string& secret) {
  std::string owner = to_string(dealer);
  db.session() << sql::keep_second_factor, soci::use(secret, "secret"), soci::use(owner, "dealer");
}

void mark_second_factor_confirmed(database& db, dealer_id dealer,
                                  const std::vector<std::string>& hashes) {
  std::string owner = to_string(dealer);
  array_text list;
  for (const auto& hash : hashes)
    list.add(digest_from_hex(hash));
  std::string digests = list.take();
  auto& connection = db.session();
  connection << sql::confirm_second_factor, soci::use(owner, "dealer");
  connection << sql::drop_recovery_codes, soci::use(owner, "dealer");
  connection << sql::insert_recovery_codes, soci::use(owner, "dealer"),
    soci::use(digests, "hashes");
}

void note_step(database& db, dealer_id dealer, int64_t step) {
  std::string owner = to_string(dealer);
  long long value = step;
  db.session() << sql::note_step, soci::use(value, "step"), soci::use(owner, "dealer");
}

bool spend_recovery_code(database& db, dealer_id dealer, const std::string& hash) {
  std::string owner = to_string(dealer);
  int spent = 0;
  auto& connection = db.session();
  connection << sql::spend_recovery_code, soci::use(owner, "dealer"), soci::use(hash, "hash"),
    soci::into(spent);
  return connection.got_data();
}

void drop_second_factor(database& db, dealer_id dealer) {
  std::string owner = to_string(dealer);
  auto& connection = db.session();
  connection << sql::drop_second_factor, soci::use(owner, "dealer");
  connection << sql::drop_recovery_codes, soci::use(owner, "dealer");
}

} // namespace meisim

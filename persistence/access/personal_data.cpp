#include "persistence/access/personal_data.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/access/personal_data.sql.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

long long count_by(database& db, const char* statement, const std::string& email) {
  long long count = 0;
  db.session() << statement, soci::use(email, "email"), soci::into(count);
  return count;
}

/// Whoever knows the address can find its event, but the event does not tell the address.
std::string pseudonym(const std::string& email) {
  return "sha256:" + to_hex(sha256(email)).substr(0, 16);
}

} // namespace

erased_customer erase(database& db, const erase_customer& wish) {
  transaction tx{db};
  // No index finds orders by their customer, so all orders are read.
  allow_long_statements(db);
  erased_customer result;
  result.orders = count_by(db, sql::empty_orders_of_customer, wish.email);
  result.mails = count_by(db, sql::empty_mails_to_customer, wish.email);
  count_by(db, sql::empty_messages_about_customer, wish.email);
  count_by(db, sql::empty_batches_for_customer, wish.email);
  result.orders_under_way = count_by(db, sql::count_orders_of_customer, wish.email);
  write_audit_event(db, {wish.by, pseudonym(wish.email), {}, {}, json_object([&](json_writer& out) {
                           out.member("orders", result.orders).member("mails", result.mails);
                         })});
  tx.commit();
  return result;
}

} // namespace meisim

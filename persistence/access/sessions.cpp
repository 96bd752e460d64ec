#include "persistence/access/sessions.hpp"

#include "persistence/access/sessions.sql.hpp"

namespace meisim {

void insert_session(database& db, const session& opened, bool is_portal,
                    const std::string& address) {
  std::string id = to_string(opened.id);
  std::string dealer = to_string(opened.dealer.id);
  std::string audience = is_portal ? "portal" : "dealer";
  int epoch = opened.token_epoch;
  long long expires = micros(now() + session_lifetime);
  auto& connection = db.session();
  connection << sql::drop_old_sessions, soci::use(dealer, "dealer");
  connection << sql::insert_session, soci::use(id, "id"), soci::use(dealer, "dealer"),
    soci::use(audience, "audience"), soci::use(address, "address"), soci::use(epoch, "epoch"),
    soci::use(expires, "expires");
}

session_list open_sessions_of(database& db, dealer_id dealer) {
  std::string owner = to_string(dealer);
  std::string id;
  long long created = 0;
  long long expires = 0;
  session_view row;
  soci::statement query =
    (db.session().prepare << sql::list_open_sessions, soci::use(owner, "dealer"), soci::into(id),
     soci::into(row.audience), soci::into(row.address), soci::into(created), soci::into(expires));
  session_list result;
  int has_factor = 0;
  db.session() << sql::find_factor_state, soci::use(owner, "dealer"), soci::into(has_factor);
  result.has_second_factor = has_factor != 0;
  query.execute();
  while (query.fetch()) {
    row.id = session_id::parse(id).value_or(session_id{});
    row.created_at = from_micros(created);
    row.expires_at = from_micros(expires);
    result.sessions.push_back(row);
  }
  return result;
}

bool end_open_session(database& db, dealer_id dealer, session_id id) {
  std::string owner = to_string(dealer);
  std::string key = to_string(id);
  int ended = 0;
  auto& connection = db.session();
  connection << sql::end_session, soci::use(key, "id"), soci::use(owner, "dealer"),
    soci::into(ended);
  return connection.got_data();
}

} // namespace meisim

#include "persistence/operators/operators.hpp"

#include "persistence/operators/operators.sql.hpp"

namespace meisim {

counted_try begin_sign_in(database& db, const std::string& email) {
  int tries = 0;
  auto& session = db.session();
  session << sql::begin_sign_in, soci::use(email, "email"), soci::into(tries);
  if (session.got_data())
    return {tries, 0};
  int seconds = 1;
  session << sql::seconds_to_next_try, soci::use(email, "email"), soci::into(seconds);
  return {0, seconds};
}

std::optional<operator_account> operator_account_of(database& db, const std::string& email) {
  operator_account result;
  std::string role;
  auto& session = db.session();
  session << sql::find_operator_account, soci::use(email, "email"), soci::into(role),
    soci::into(result.password_hash), soci::into(result.totp_secret);
  if (!session.got_data())
    return std::nullopt;
  result.role = parse_operator_role(role).value_or(operator_role::viewer);
  return result;
}

std::optional<instant> begin_operator_session(database& db, const new_operator_session& what,
                                              std::chrono::seconds lifetime) {
  long long step = what.totp_step;
  auto seconds = static_cast<int>(lifetime.count());
  long long expires = 0;
  auto& session = db.session();
  session << sql::begin_operator_session, soci::use(what.email, "email"),
    soci::use(what.password_hash, "password"), soci::use(step, "step"),
    soci::use(what.token_hash, "hash"), soci::use(seconds, "seconds"), soci::into(expires);
  return session.got_data() ? std::optional{from_micros(expires)} : std::nullopt;
}

std::optional<operator_identity> operator_in_session(database& db, const std::string& token_hash) {
  operator_identity result;
  std::string role;
  int has_codes = 0;
  int is_session = 0;
  auto& session = db.session();
  session << sql::find_operator_session, soci::use(token_hash, "hash"), soci::into(result.name),
    soci::into(role), soci::into(has_codes), soci::into(is_session);
  auto known = parse_operator_role(role);
  if (!session.got_data() || !known)
    return std::nullopt;
  result.role = *known;
  if (is_session != 0)
    result.session = token_hash;
  result.has_second_factor = has_codes != 0;
  return result;
}

bool delete_operator_sessions(database& db, const end_operator_session& wish) {
  int ended = 0;
  int own = wish.which != ended_sessions::others ? 1 : 0;
  int others = wish.which != ended_sessions::own ? 1 : 0;
  db.session() << sql::end_operator_sessions, soci::use(wish.email, "email"),
    soci::use(wish.token_hash, "hash"), soci::use(own, "own"), soci::use(others, "others"),
    soci::into(ended);
  return ended > 0;
}

std::optional<std::string> insert_operator(database& db, const std::string& email,
                                           operator_role role, const std::string& password_hash) {
  std::string name{to_string(role)};
  std::string json;
  auto& session = db.session();
  session << sql::insert_operator, soci::use(email, "email"), soci::use(name, "role"),
    soci::use(password_hash, "password"), soci::into(json);
  return session.got_data() ? std::optional{json} : std::nullopt;
}

bool update_operator_password(database& db, const std::string& email, const std::string& hash) {
  int changed = 0;
  auto& session = db.session();
  session << sql::set_operator_password, soci::use(email, "email"), soci::use(hash, "password"),
    soci::into(changed);
  return session.got_data();
}

bool change_operator_password(database& db, const new_operator_password& what) {
  long long step = what.totp_step;
  int changed = 0;
  auto& session = db.session();
  session << sql::change_operator_password, soci::use(what.email, "email"),
    soci::use(what.hash, "password"), soci::use(what.former_hash, "former"),
    soci::use(step, "step"), soci::use(what.session, "hash"), soci::into(changed);
  return session.got_data();
}

bool update_operator_totp(database& db, const std::string& email, const std::string& secret) {
  int changed = 0;
  auto& session = db.session();
  session << sql::set_operator_totp, soci::use(email, "email"), soci::use(secret, "secret"),
    soci::into(changed);
  return session.got_data();
}

void note_pool_stock(database& db, const note_stock& what) {
  long long available = what.available;
  db.session() << sql::note_stock, soci::use(what.pool.carrier, "carrier"),
    soci::use(what.pool.plan_type, "plan"), soci::use(available, "available");
}

} // namespace meisim

#include "persistence/access/sign_in_guards.hpp"

#include "persistence/access/sign_in_guards.sql.hpp"

namespace meisim {

namespace {

void note_place(database& db, const std::string& dealer, const std::string& address) {
  db.session() << sql::note_place, soci::use(dealer, "dealer"), soci::use(address, "address");
}

} // namespace

sign_in_guard lock_guard(database& db, dealer_id dealer, const std::string& address) {
  std::string owner = to_string(dealer);
  int are_locked = 0;
  int are_paused = 0;
  int is_known = 0;
  db.session() << sql::lock_guard, soci::use(owner, "dealer"), soci::use(address, "address"),
    soci::into(are_locked), soci::into(are_paused), soci::into(is_known);
  return {are_locked != 0 && is_known == 0, are_paused != 0 && is_known == 0};
}

bool take_code_mail(database& db, dealer_id dealer, int most) {
  std::string owner = to_string(dealer);
  int taken = 0;
  auto& session = db.session();
  session << sql::take_code_mail, soci::use(owner, "dealer"), soci::use(most, "most"),
    soci::into(taken);
  return session.got_data();
}

bool count_wrong_code(database& db, dealer_id dealer) {
  std::string owner = to_string(dealer);
  int most = most_wrong_codes;
  int locks = 0;
  db.session() << sql::count_wrong_code, soci::use(most, "most"), soci::use(owner, "dealer"),
    soci::into(locks);
  return locks != 0;
}

bool count_wrong_password(database& db, dealer_id dealer) {
  std::string owner = to_string(dealer);
  int most = most_wrong_passwords;
  int pauses = 0;
  db.session() << sql::count_wrong_password, soci::use(most, "most"), soci::use(owner, "dealer"),
    soci::into(pauses);
  return pauses != 0;
}

void clear_wrong_codes(database& db, dealer_id dealer, const std::string& address) {
  std::string owner = to_string(dealer);
  db.session() << sql::clear_wrong_codes, soci::use(owner, "dealer");
  note_place(db, owner, address);
}

void clear_wrong_passwords(database& db, dealer_id dealer, const std::string& address) {
  std::string owner = to_string(dealer);
  db.session() << sql::clear_wrong_passwords, soci::use(owner, "dealer");
  note_place(db, owner, address);
}

} // namespace meisim

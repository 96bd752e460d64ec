#pragma once

#include "persistence/base/session.hpp"
#include "protocols/operators/operators.hpp"
#include "protocols/supply/stock.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace meisim {

/// A try to show that one is an operator.
struct counted_try {
  /// How many there were since the last right one, with this one; zero if it came too early.
  int32_t tries = 0;
  int32_t seconds_to_wait = 0;
};

/// Counts a try under this address, even if it is nobody's.
counted_try begin_sign_in(database& db, const std::string& email);

struct operator_account {
  operator_role role = operator_role::viewer;
  std::string password_hash;
  /// In base 32; empty if no codes are asked for.
  std::string totp_secret;
};

/// Nothing for an address without an account, and for an account that was closed.
std::optional<operator_account> operator_account_of(database& db, const std::string& email);

/// A session that was begun.
struct new_operator_session {
  std::string email;
  /// The hash that was compared. If the password was changed meanwhile, no session begins.
  std::string password_hash;
  /// The time step of the one-time code, which is good once; zero without a code.
  int64_t totp_step = 0;
  /// SHA-256 of the token in hexadecimal.
  std::string token_hash;
};

/// When it ends; nothing if it could not be begun.
std::optional<instant> begin_operator_session(database& db, const new_operator_session& what,
                                              std::chrono::seconds lifetime);

/// Who has this session or token; nothing if it is no longer good.
std::optional<operator_identity> operator_in_session(database& db, const std::string& token_hash);

/// False if all of them have ended already.
bool delete_operator_sessions(database& db, const end_operator_session& wish);

/// The account as JSON; nothing if the address has one.
std::optional<std::string> insert_operator(database& db, const std::string& email,
                                           operator_role role, const std::string& password_hash);

/// False if there is no such account, as below.
bool update_operator_password(database& db, const std::string& email, const std::string& hash);

/// A password that its owner has changed.
struct new_operator_password {
  std::string email;
  std::string hash;
  /// The hash that was compared, and the time step of the code, as in new_operator_session.
  std::string former_hash;
  int64_t totp_step = 0;
  /// The hash of the token of the only session that stays.
  std::string session = {};
};

/// False if the password was changed, the code used or the account closed meanwhile.
bool change_operator_password(database& db, const new_operator_password& what);

/// `secret` is in base 32. If it is empty, codes are no longer asked for.
bool update_operator_totp(database& db, const std::string& email, const std::string& secret);

/// Mails operators with the role admin once when a pool, which can sell so many, runs out.
void note_pool_stock(database& db, const note_stock& what);

} // namespace meisim

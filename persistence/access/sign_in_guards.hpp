#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"

#include <string>

namespace meisim {

// What makes guessing not worth while. All functions here are part of the caller's transaction.

/// How many wrong codes in a row lock an account's codes, whichever codes were tried.
constexpr int most_wrong_codes = 5;

/// After how many wrong passwords in a row the account's sign-ins pause.
constexpr int most_wrong_passwords = 5;

/// What holds for a sign-in from one address. An address that has signed in to the account before
/// is not held up by the tries of others.
struct sign_in_guard {
  bool are_codes_locked = false;
  bool are_passwords_paused = false;
};

/// Locks the account's guard until the transaction ends, so that tries count one after the other.
sign_in_guard lock_guard(database& db, dealer_id dealer, const std::string& address);

/// Takes one of the `most` mails with codes that an account gets in 15 minutes; false if there is
/// none left.
bool take_code_mail(database& db, dealer_id dealer, int most);

/// True if codes are locked from now on. The guard must be locked.
bool count_wrong_code(database& db, dealer_id dealer);

/// True if sign-ins pause from now on. The guard must be locked.
bool count_wrong_password(database& db, dealer_id dealer);

/// A right code or password came from this address.
void clear_wrong_codes(database& db, dealer_id dealer, const std::string& address);
void clear_wrong_passwords(database& db, dealer_id dealer, const std::string& address);

} // namespace meisim

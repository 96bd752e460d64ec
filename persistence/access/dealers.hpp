#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/access/dealer_record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// The account with its keys; nothing if there is none.
std::optional<dealer_record> load_dealer_record(database& db, dealer_id id);

int64_t count_dealers(database& db);

/// Who has this address, in lower case.
std::optional<dealer_id> dealer_with_email(database& db, const std::string& email);

/// Opens an account with an empty wallet, and with its credit limit if it has one. Violates
/// `dealers_email_key` if the address is taken.
void insert_dealer(database& db, dealer_id id, const add_dealer& account);

/// All accounts by address, or the one with this address.
std::vector<dealer_overview> dealer_overviews_of(database& db, const std::string& email);

/// Keeps the reason of a suspension. False if there is no such account.
bool update_status(database& db, dealer_id id, dealer_status status,
                   const std::string& reason = {});

/// Sets the Argon2id hash of the password and ends the tokens that were issued before.
void update_password(database& db, dealer_id id, const std::string& hash);

/// What a login is checked against.
struct password_record {
  session account;
  /// Empty if none was ever set.
  std::string hash;
  bool has_second_factor = false;
  /// Whether sign-ins from the address pause, because too many passwords were wrong.
  bool is_paused = false;
};

std::optional<password_record> password_of(database& db, const std::string& email,
                                           const std::string& address);

} // namespace meisim

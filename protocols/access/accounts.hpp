#pragma once

#include "protocols/access/dealer.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// Mail a one-time code to the dealer with this address, if there is one. The answer does not tell
/// whether there is.
struct send_code {
  std::string email;
};

/// Exchange a one-time code for a new API key.
struct try_code {
  std::string email;
  std::string code;
};

/// A key in clear, once: only its hash is kept.
struct issued_key {
  dealer_id dealer;
  std::string key;
};

/// Set the password of the dealer that is signed in; `email` must be its own.
struct set_password {
  dealer_id dealer;
  std::string email;
  std::string password;
};

/// Email and password against a session.
struct login {
  std::string email;
  std::string password;
  /// True for the portal's login, which only accounts with portal access have.
  bool portal = false;
};

/// A login that succeeded: what goes into the token.
struct session {
  dealer_snapshot dealer;
  int32_t token_epoch = 0;
};

/// Ask for the keys of a dealer.
struct list_keys {
  dealer_id dealer;
};

struct api_key {
  /// The start of the key, `dk_` and eight characters: enough to tell keys apart.
  std::string prefix;
  instant created_at;
  /// The epoch if it was never used.
  instant last_used_at;
};

struct key_list {
  std::vector<api_key> keys;
};

struct revoke_key {
  dealer_id dealer;
  std::string prefix;
};

/// An API key was used just now; kept to the minute.
struct key_used {
  std::string key_hash;
};

/// The operator's way to open an account.
struct add_dealer {
  std::string email;
  std::string company;
  dealer_status status = dealer_status::pending;
  int32_t markup_basis_points = 0;
  money resend_fee = money::from_cents(100);
  bool portal = false;
};

/// A dealer as operators see it.
struct dealer_overview {
  dealer_snapshot dealer;
  money balance;
  int64_t keys = 0;
  bool has_password = false;
  instant created_at;
};

struct dealer_overviews {
  std::vector<dealer_overview> dealers;
};

/// All dealers, or the one with this address.
struct list_dealers {
  std::string email;
};

struct set_status {
  std::string email;
  dealer_status status = dealer_status::approved;
};

/// The operator issues a key for the dealer with this address.
struct issue_key {
  std::string email;
};

/// The operator sets the password of the dealer with this address.
struct reset_password {
  std::string email;
  std::string password;
};

} // namespace meisim

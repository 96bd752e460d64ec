#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/access/credit.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/access/scopes.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// Mail a one-time code to the dealer with this address, if there is one. The answer does not tell
/// whether there is.
struct send_code {
  std::string email;
  audit_stamp by = {};
};

/// Exchange a one-time code for a new API key.
struct try_code {
  std::string email;
  std::string code;
  audit_stamp by = {};
};

/// A key in clear, once: only its hash is kept.
struct issued_key {
  dealer_id dealer;
  std::string key;
};

/// Set the password of the dealer that is signed in; `email` must be its own. `unauthorized` if the
/// password, key or code that was shown is wrong, `forbidden` if none was shown.
struct set_password {
  dealer_id dealer;
  std::string email;
  std::string password;
  /// The hash of the key that was shown; empty for a token.
  std::string key_hash = {};
  /// One of these is needed if there is a password already.
  std::string current_password = {};
  std::string code = {};
  audit_stamp by = {};
};

/// Exchange an email address and a password, or a one-time code, for a session.
struct login {
  std::string email;
  std::string password;
  /// True for the portal's login, which only accounts with portal access have.
  bool portal = false;
  /// The code of the second factor; empty if none was given.
  std::string code = {};
  audit_stamp by = {};
  /// A one-time code that was mailed. If it is not empty, it takes the place of the password.
  std::string one_time_code = {};
};

/// How long a session's token is good.
constexpr std::chrono::hours session_lifetime{12};

/// A login that succeeded: what goes into the token.
struct session {
  dealer_snapshot dealer;
  int32_t token_epoch = 0;
  session_id id = {};
};

/// Make a key for a purpose.
struct make_key {
  dealer_id dealer;
  std::string label;
  scope_set scopes;
  /// The epoch for never.
  instant expires_at = {};
  /// Addresses and networks, as read_network writes them; from anywhere if there are none.
  std::vector<std::string> networks = {};
  audit_stamp by = {};
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
  std::string label = {};
  scope_set scopes = scope_set::all();
  /// The epoch if it never expires.
  instant expires_at = {};
  std::vector<std::string> networks = {};
};

struct key_list {
  std::vector<api_key> keys;
};

struct revoke_key {
  dealer_id dealer;
  std::string prefix;
  audit_stamp by = {};
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
  audit_stamp by = {};
  /// The limit for orders on account; nothing for no limit.
  std::optional<money> credit_limit = {};
};

/// A dealer as operators see it.
struct dealer_overview {
  dealer_snapshot dealer;
  money balance;
  int64_t keys = 0;
  bool has_password = false;
  instant created_at;
  credit_position credit = {};
  /// Why it is suspended, which only operators see; empty if no reason was given.
  std::string suspended_because = {};
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
  /// Why; kept while the dealer is suspended.
  std::string reason = {};
  audit_stamp by = {};
};

/// The operator issues a key for the dealer with this address.
struct issue_key {
  std::string email;
  audit_stamp by = {};
};

/// The operator sets the password of the dealer with this address.
struct reset_password {
  std::string email;
  std::string password;
  audit_stamp by = {};
};

/// Empty what orders that have ended keep of the customer with this address.
struct erase_customer {
  std::string email;
  audit_stamp by = {};
};

/// What was emptied.
struct erased_customer {
  int64_t orders = 0;
  int64_t mails = 0;
  /// Orders that are still under way keep what they need.
  int64_t orders_under_way = 0;
};

} // namespace meisim

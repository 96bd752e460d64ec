#pragma once

#include "protocols/access/dealer.hpp"
#include "protocols/base/instant.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// What an API key that is not revoked is good for.
struct key_grant {
  /// SHA-256 of the key in hexadecimal.
  std::string hash;
  scope_set scopes = scope_set::all();
  /// The epoch if it never expires.
  instant expires_at = {};
  /// From which addresses and networks it may come; from any if there are none.
  std::vector<std::string> networks = {};
};

/// A dealer as the database has it: the snapshot and all that makes a credential good.
struct dealer_record {
  dealer_snapshot snapshot;
  std::vector<key_grant> keys;
  /// Rises with each change of the password; a token with an older one is no longer good.
  int32_t token_epoch = 0;
  /// Sessions that were signed out before their tokens expire.
  std::vector<session_id> ended_sessions = {};
};

struct load_dealer {
  dealer_id dealer;
};

/// Who owns the API key with this SHA-256 (hexadecimal)?
struct find_key_owner {
  std::string key_hash;
};

/// The error for an address that is no dealer's, the same everywhere.
constexpr auto no_such_dealer = "there is no dealer with this mail address";

/// Who has this address?
struct find_dealer_id {
  std::string email;
};

} // namespace meisim

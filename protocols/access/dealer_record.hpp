#pragma once

#include "protocols/access/dealer.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// A dealer as the database has it: the snapshot and all that makes a credential good.
struct dealer_record {
  dealer_snapshot snapshot;
  /// SHA-256 of each API key that is not revoked, in hexadecimal.
  std::vector<std::string> key_hashes;
  /// Rises with each change of the password; a token with an older one is no longer good.
  int32_t token_epoch = 0;
};

struct load_dealer {
  dealer_id dealer;
};

/// Who owns the API key with this SHA-256 (hexadecimal)?
struct find_key_owner {
  std::string key_hash;
};

/// Who has this address?
struct find_dealer_id {
  std::string email;
};

} // namespace meisim

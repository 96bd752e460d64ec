#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// A dealer keeps at most so many keys.
constexpr int most_keys = 20;

/// The part of a key by which its dealer tells it from others.
std::string key_prefix(const std::string& key);

/// How a key came about.
enum class key_origin : uint8_t { code, by_operator, by_key };

/// A key that is to be kept.
struct new_key {
  std::string key;
  key_origin origin = key_origin::code;
  std::string label = {};
  scope_set scopes = scope_set::all();
  /// The epoch for never.
  instant expires_at = {};
  std::vector<std::string> networks = {};
};

/// Keeps the hash of a new key. Beyond `most_keys`, the key is removed that was unused for the
/// longest time. A key that was used within 30 days is removed only if there is no other. Returns
/// the prefixes of the removed keys.
std::vector<std::string> insert_key(database& db, dealer_id dealer, const new_key& what);

/// Oldest first.
std::vector<api_key> keys_of(database& db, dealer_id dealer);

/// False if the dealer has no such key.
bool delete_key(database& db, dealer_id dealer, const std::string& prefix);

/// Who owns the key with this SHA-256 in hexadecimal.
std::optional<dealer_id> key_owner(database& db, const std::string& hash);

/// How a key came about; nothing if it is none of ours.
std::optional<key_origin> origin_of_key(database& db, const std::string& hash);

/// The keys with these hashes (hexadecimal) were used just now.
void note_key_use(database& db, const std::vector<std::string>& hashes);

} // namespace meisim

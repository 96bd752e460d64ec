#pragma once

#include "http/edge/token.hpp"
#include "protocols/base/crypto.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace meisim::http {

/// Remembers the claims of tokens that were verified. To verify a token costs more than the rest of
/// an admission. Whether the token is still good, the dealer's actor decides.
class token_directory {
public:
  /// The claims of a token at `now`; nothing if the token is not known for this audience, or has
  /// expired.
  std::optional<token_claims> find(const std::string& text, audience wanted, instant now) {
    auto key = sha256(text);
    std::lock_guard guard{lock_};
    auto found = entries_.find(key);
    if (found == entries_.end() || found->second.good_for != wanted
        || now >= found->second.claims.expires_at)
      return std::nullopt;
    return found->second.claims;
  }

  void remember(const std::string& text, audience good_for, const token_claims& claims) {
    auto key = sha256(text);
    std::lock_guard guard{lock_};
    // It fills again with the tokens that are in use.
    if (entries_.size() >= most_entries)
      entries_.clear();
    entries_.insert_or_assign(key, entry{good_for, claims});
  }

private:
  struct entry {
    audience good_for;
    token_claims claims;
  };

  static constexpr size_t most_entries = 50'000;

  std::mutex lock_;
  std::map<sha256_digest, entry> entries_;
};

} // namespace meisim::http

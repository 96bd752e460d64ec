#pragma once

#include "http/edge/token.hpp"
#include "protocols/base/crypto.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace meisim::http {

/// Remembers the claims of verified tokens, and by which keys they were verified. Verifying a token
/// costs more than the rest of an admission. The dealer's actor decides whether the token is still
/// good.
class token_directory {
public:
  using key_pointer = std::shared_ptr<const secret_value>;

  /// The claims of a token at `now`, if it is good by `keys`; nothing if the token is not known for
  /// this audience, or has expired.
  std::optional<token_claims> find(const std::string& text, audience wanted, instant now,
                                   const key_pointer& keys) {
    auto key = sha256(text);
    std::lock_guard guard{lock_};
    if (keys != keys_)
      return std::nullopt;
    auto found = entries_.find(key);
    if (found == entries_.end() || found->second.good_for != wanted
        || now >= found->second.claims.expires_at)
      return std::nullopt;
    return found->second.claims;
  }

  /// Claims that were verified by other keys are forgotten.
  void remember(const std::string& text, audience good_for, const token_claims& claims,
                const key_pointer& keys) {
    auto key = sha256(text);
    std::lock_guard guard{lock_};
    // It fills again with the tokens that are in use.
    if (entries_.size() >= most_entries || keys != keys_)
      entries_.clear();
    keys_ = keys;
    entries_.insert_or_assign(key, entry{good_for, claims});
  }

private:
  struct entry {
    audience good_for;
    token_claims claims;
  };

  static constexpr size_t most_entries = 50'000;

  std::mutex lock_;
  key_pointer keys_;
  std::map<sha256_digest, entry> entries_;
};

} // namespace meisim::http

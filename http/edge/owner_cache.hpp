#pragma once

#include "protocols/interfaces.hpp"

#include <mutex>
#include <optional>
#include <unordered_map>

namespace meisim::http {

/// Remembers the owners of dealers' entities, so that most requests need not ask the region. An
/// entry may be out of date. Then its actor has left and does not answer, and the entry is
/// forgotten.
template <class Owner>
class owner_cache {
public:
  std::optional<Owner> find(dealer_id id) const {
    std::lock_guard guard{lock_};
    auto found = owners_.find(id);
    return found == owners_.end() ? std::nullopt : std::optional{found->second};
  }

  void remember(dealer_id id, const Owner& owner) {
    std::lock_guard guard{lock_};
    // Each entry keeps the memory of an actor, even of one that has left.
    if (owners_.size() >= most_entries)
      owners_.clear();
    owners_.insert_or_assign(id, owner);
  }

  void forget(dealer_id id) {
    std::lock_guard guard{lock_};
    owners_.erase(id);
  }

private:
  static constexpr size_t most_entries = 4'096;

  mutable std::mutex lock_;
  std::unordered_map<dealer_id, Owner> owners_;
};

/// The caches of a node, by what they hold. Owners of other entities are looked for each time.
struct owner_caches {
  owner_cache<dealer_actor> dealers;
  owner_cache<wallet_actor> wallets;
};

} // namespace meisim::http

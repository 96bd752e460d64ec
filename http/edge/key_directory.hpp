#pragma once

#include "protocols/base/id.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace meisim::http {

/// Remembers which dealer an API key was issued to. That never changes, so an entry is never wrong.
/// The dealer's actor decides whether the key is still good. It also remembers for a while which
/// keys are not ours, because a key that was guessed is never issued later.
class key_directory {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Whose the key is; nothing if that is not known yet.
  std::optional<dealer_id> owner_of(const std::string& key_hash) {
    std::lock_guard guard{lock_};
    auto found = entries_.find(key_hash);
    return found == entries_.end() ? std::nullopt : std::optional{found->second.owner};
  }

  /// Notes that the key has let a request pass at `now`. True if it is time to write down that it
  /// is in use.
  bool use(const std::string& key_hash, time_point now) {
    std::lock_guard guard{lock_};
    auto found = entries_.find(key_hash);
    if (found == entries_.end() || now < found->second.next_note)
      return false;
    found->second.next_note = now + note_interval;
    return true;
  }

  void remember(const std::string& key_hash, dealer_id owner) {
    std::lock_guard guard{lock_};
    // It fills again with the keys that are in use.
    if (entries_.size() >= most_entries)
      entries_.clear();
    entries_.emplace(key_hash, entry{owner, {}});
  }

  void remember_unknown(const std::string& key_hash, time_point now) {
    std::lock_guard guard{lock_};
    if (unknown_.size() >= most_entries)
      unknown_.clear();
    unknown_.insert_or_assign(key_hash, now);
  }

  /// Whether the key was not ours a short while before `now`.
  bool is_unknown(const std::string& key_hash, time_point now) {
    std::lock_guard guard{lock_};
    auto found = unknown_.find(key_hash);
    return found != unknown_.end() && now - found->second < unknown_for;
  }

private:
  struct entry {
    dealer_id owner;
    time_point next_note;
  };

  static constexpr size_t most_entries = 50'000;
  static constexpr std::chrono::minutes note_interval{1};
  static constexpr std::chrono::minutes unknown_for{5};

  std::mutex lock_;
  std::unordered_map<std::string, entry> entries_;
  std::unordered_map<std::string, time_point> unknown_;
};

} // namespace meisim::http

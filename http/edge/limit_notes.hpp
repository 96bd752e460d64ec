#pragma once

#include "protocols/access/rate_limits.hpp"
#include "protocols/base/id.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <utility>

namespace meisim::http {

/// Remembers which dealers have reached which limits, so that there is an audit event once in a
/// while, and not for each refused request.
class limit_notes {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Whether a limit that is reached at `now` needs an audit event. If so, it counts as written.
  bool is_due(dealer_id dealer, limit_class limit, time_point now) {
    std::lock_guard guard{lock_};
    // Dealers who still run into limits will be noted again.
    if (notes_.size() >= most_notes)
      notes_.clear();
    auto [note, is_new] = notes_.try_emplace(std::pair{dealer, limit}, now);
    if (!is_new && now - note->second < pause)
      return false;
    note->second = now;
    return true;
  }

private:
  static constexpr size_t most_notes = 10'000;
  static constexpr std::chrono::minutes pause{15};

  std::mutex lock_;
  std::map<std::pair<dealer_id, limit_class>, time_point> notes_;
};

} // namespace meisim::http

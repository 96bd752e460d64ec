#pragma once

#include "protocols/interfaces.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace meisim {

/// The IP limiters of a node, in the order in which they were last asked for. Anybody can make up
/// addresses, so their number is limited: the oldest leaves for a new one.
class recent_limiters {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using entry = std::pair<std::string, ip_limiter_actor>;

  explicit recent_limiters(size_t most) : most_(most) {
    // nop
  }

  /// The limiter of an address, noted as used at `now`; null if there is none.
  const ip_limiter_actor* find(std::string_view address, time_point now) {
    auto found = places_.find(address);
    if (found == places_.end())
      return nullptr;
    auto& place = found->second;
    place.used_at = now;
    entries_.splice(entries_.begin(), entries_, place.at);
    return &place.at->second;
  }

  /// Adds the limiter of an address that has none. Returns the limiter that has to leave for it.
  std::optional<ip_limiter_actor> add(std::string address, ip_limiter_actor limiter,
                                      time_point now) {
    entries_.emplace_front(std::move(address), std::move(limiter));
    places_.emplace(entries_.front().first, position{entries_.begin(), now});
    return entries_.size() > most_ ? std::optional{take_oldest()} : std::nullopt;
  }

  /// Takes out the oldest one if nobody has asked for it since `time`.
  std::optional<ip_limiter_actor> take_idle(time_point time) {
    if (entries_.empty() || places_.at(entries_.back().first).used_at > time)
      return std::nullopt;
    return take_oldest();
  }

  template <class Predicate>
  void forget_if(Predicate has_left) {
    for (auto one = entries_.begin(); one != entries_.end();) {
      if (has_left(one->second)) {
        places_.erase(one->first);
        one = entries_.erase(one);
      } else {
        ++one;
      }
    }
  }

  size_t size() const {
    return entries_.size();
  }

  auto begin() const {
    return entries_.begin();
  }

  auto end() const {
    return entries_.end();
  }

private:
  struct position {
    std::list<entry>::iterator at;
    time_point used_at;
  };

  ip_limiter_actor take_oldest() {
    places_.erase(entries_.back().first);
    auto limiter = std::move(entries_.back().second);
    entries_.pop_back();
    return limiter;
  }

  size_t most_;
  std::list<entry> entries_;
  /// By the addresses in `entries_`, which stay where they are.
  std::unordered_map<std::string_view, position> places_;
};

} // namespace meisim

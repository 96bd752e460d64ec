#pragma once

#include "protocols/access/rate_limits.hpp"

#include <array>
#include <chrono>
#include <vector>

namespace meisim {

/// The times of the requests that count against one limit. It remembers each of them, so it is
/// exact.
class rate_window {
public:
  using clock_time = std::chrono::steady_clock::time_point;

  struct verdict {
    bool passes = true;
    rate_state state;
  };

  /// Whether a request at `now` passes; if it does, it counts.
  verdict admit(const limit_rule& rule, clock_time now);

  /// What `admit` would say at `now`. Nothing is counted.
  verdict look(const limit_rule& rule, clock_time now) const;

  /// True if no remembered request still counts.
  bool is_idle(const limit_rule& rule, clock_time now) const;

  /// The times that still count, in order.
  std::vector<clock_time> counting(const limit_rule& rule, clock_time now) const;

  /// Counts these requests too; the latest `rule.count` of all are remembered.
  void absorb(const limit_rule& rule, const std::vector<clock_time>& times, clock_time now);

private:
  // A ring of the last `rule.count` times; the oldest stands at next_ once it is full.
  std::vector<clock_time> times_;
  size_t next_ = 0;
};

/// The limits of this node: the documented table, scaled.
class limit_table {
public:
  /// `factor` 0 switches all limits off; 1 is the documented table.
  explicit limit_table(double factor = 1.0);

  const limit_rule& rule(limit_class group) const {
    return rules_[static_cast<size_t>(group)];
  }

  /// After so long no request counts any more.
  std::chrono::seconds longest_window() const;

private:
  std::array<limit_rule, limit_class_count> rules_;
};

/// The windows of one dealer or IP address. A group's window is made when the group is first used.
class rate_windows {
public:
  rate_window::verdict admit(const limit_table& limits, limit_class group,
                             rate_window::clock_time now);

  /// What `admit` would say; nothing is counted.
  rate_window::verdict look(const limit_table& limits, limit_class group,
                            rate_window::clock_time now) const;

  bool are_idle(const limit_table& limits, rate_window::clock_time now) const;

  /// What the next owner has to remember.
  rate_memory remember(const limit_table& limits, rate_window::clock_time now) const;

  /// Takes over what the last owner remembered.
  void absorb(const rate_memory& memory, const limit_table& limits, rate_window::clock_time now);

private:
  struct slot {
    limit_class group;
    rate_window window;
  };

  rate_window& window_of(limit_class group);

  std::vector<slot> slots_;
};

} // namespace meisim

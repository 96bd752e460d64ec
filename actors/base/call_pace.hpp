#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace meisim {

/// Keeps calls to a service within the rate that it allows: one for each pause on the average, and
/// at most a burst at once. A plain value that takes the time from its caller.
class call_pace {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  /// Without a pause there is no limit.
  explicit call_pace(milliseconds pause = milliseconds{0}, int32_t burst = 1)
    : pause_(pause), ahead_(pause * (std::max(burst, 1) - 1)) {
    // nop
  }

  /// For how long the next call has to wait; zero if it may be made now.
  milliseconds wait(time_point now) const {
    auto earliest = next_ - ahead_;
    return now >= earliest ? milliseconds{0} : std::chrono::ceil<milliseconds>(earliest - now);
  }

  /// A call is made now.
  void take(time_point now) {
    next_ = std::max(next_, now) + pause_;
  }

private:
  milliseconds pause_;
  milliseconds ahead_;
  time_point next_{};
};

} // namespace meisim

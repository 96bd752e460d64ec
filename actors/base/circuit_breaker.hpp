#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace meisim {

/// When a breaker opens, and for how long.
struct circuit_settings {
  /// Failures in a row that open it.
  uint32_t failures_to_open = 5;
  /// The pause before the first probe; each probe that fails doubles it.
  std::chrono::milliseconds first_pause{1'000};
  std::chrono::milliseconds longest_pause{30'000};
};

enum class circuit_state : uint8_t {
  /// All calls pass.
  closed,
  /// A probe is under way; nothing else passes.
  half_open,
  /// Nothing passes until the pause is over.
  open,
};

/// Keeps callers away from a service that is down, and lets one through now and then to see whether
/// it still is. A plain value that takes the time from its caller.
class circuit_breaker {
public:
  using time_point = std::chrono::steady_clock::time_point;

  circuit_breaker() = default;

  explicit circuit_breaker(circuit_settings settings) : settings_(settings) {
    // nop
  }

  circuit_state state() const {
    return state_;
  }

  /// Whether try_pass would say yes now.
  bool would_pass(time_point now) const {
    return state_ == circuit_state::closed
           || (state_ == circuit_state::open && now >= opens_again_at_);
  }

  /// May a call be made now? After a yes the caller owes `succeeded` or `failed`.
  bool try_pass(time_point now) {
    if (!would_pass(now))
      return false;
    if (state_ == circuit_state::open)
      state_ = circuit_state::half_open;
    return true;
  }

  /// The other side has answered, whatever it said.
  void succeeded() {
    // This is the late answer to a call from before the breaker opened. It says nothing about now.
    if (state_ == circuit_state::open)
      return;
    state_ = circuit_state::closed;
    failures_ = 0;
    pause_ = std::chrono::milliseconds{0};
  }

  /// No answer, or one that says that the other side is in trouble.
  void failed(time_point now) {
    if (state_ == circuit_state::open)
      return;
    ++failures_;
    if (state_ == circuit_state::closed && failures_ < settings_.failures_to_open)
      return;
    pause_ = std::clamp(pause_ * 2, settings_.first_pause, settings_.longest_pause);
    opens_again_at_ = now + pause_;
    state_ = circuit_state::open;
  }

  /// How long a caller should wait before it asks again; zero while it is closed.
  std::chrono::milliseconds wait(time_point now) const {
    if (state_ == circuit_state::closed)
      return std::chrono::milliseconds{0};
    if (state_ == circuit_state::half_open || opens_again_at_ <= now)
      return settings_.first_pause;
    return std::chrono::ceil<std::chrono::milliseconds>(opens_again_at_ - now);
  }

private:
  circuit_settings settings_;
  circuit_state state_ = circuit_state::closed;
  uint32_t failures_ = 0;
  std::chrono::milliseconds pause_{0};
  time_point opens_again_at_{};
};

} // namespace meisim

#pragma once

#include "protocols/base/web.hpp"
#include "protocols/orders/provider_status.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace meisim {

/// Remembers the calls of a service that have ended in the last five minutes, the latest thousand
/// of them. A plain value that takes the time from its caller.
class recent_calls {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::minutes span{5};
  static constexpr size_t most = 1'000;

  void note(time_point now, const web_answer& answer);

  /// Forgets what is too old by now.
  call_figures figures(time_point now);

private:
  enum class ending : uint8_t { answered, refused, failed };

  struct call {
    time_point at;
    ending how;
    std::chrono::microseconds took;
  };

  static ending ending_of(const web_answer& answer);

  std::deque<call> calls_;
};

} // namespace meisim

#include "apps/meisimd/signals.hpp"

#include "apps/meisimd/logging.hpp"
#include "protocols/base/log.hpp"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>

namespace meisim {

namespace {

/// How long the actors have to end, before the process ends all the same.
constexpr std::chrono::seconds stop_patience{10};

sigset_t end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

} // namespace

int wait_for_signal() {
  auto signals = end_signals();
  sigaddset(&signals, SIGHUP);
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

end_on_signal::end_on_signal()
  : watcher_([](const std::stop_token& is_over) {
      auto signals = end_signals();
      // Short enough that nobody notices the wait.
      constexpr timespec moment{0, 10'000'000};
      while (!is_over.stop_requested())
        if (sigtimedwait(&signals, nullptr, &moment) > 0) {
          log_info("stopped before the node was ready");
          end_at_once(0);
        }
    }) {
  // nop
}

void end_at_once(int status) {
  stop_logging();
  std::_Exit(status);
}

void end_watch::begin() {
  watcher_ = std::jthread{[](const std::stop_token& is_over) {
    std::mutex alone;
    std::unique_lock lock{alone};
    std::condition_variable_any bell;
    bell.wait_for(lock, is_over, stop_patience, [] { return false; });
    if (is_over.stop_requested())
      return;
    log_warn("some actors have not ended in time");
    end_at_once(0);
  }};
}

} // namespace meisim

#include "apps/meisimd/signals.hpp"

#include "apps/meisimd/logging.hpp"
#include "protocols/base/log.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace meisim {

namespace {

/// How long the actors get at the end, before the process goes all the same.
constexpr std::chrono::seconds stop_patience{10};

} // namespace

void wait_for_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  sigwait(&signals, &signal);
}

void end_at_once(int status) {
  stop_logging();
  std::_Exit(status);
}

void watch_the_end() {
  std::thread{[] {
    std::this_thread::sleep_for(stop_patience);
    log_warn("some actors have not ended in time");
    end_at_once(0);
  }}.detach();
}

} // namespace meisim

#pragma once

#include <thread>

namespace meisim {

/// Waits for SIGHUP, SIGINT or SIGTERM, which must be blocked in all threads, and gives the one
/// that came.
int wait_for_signal();

/// While it lives, SIGINT or SIGTERM ends the process at once, with status 0. It is for a time in
/// which no work is under way that could be lost.
class end_on_signal {
public:
  end_on_signal();

private:
  std::jthread watcher_;
};

/// Ends the process as it stands, once the log is written.
[[noreturn]] void end_at_once(int status);

/// Ends the process if the actors do not end. By then the database knows of all work that is under
/// way. It is to outlive them.
class end_watch {
public:
  /// From now on they have ten seconds.
  void begin();

private:
  std::jthread watcher_;
};

} // namespace meisim

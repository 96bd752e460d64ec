#pragma once

namespace meisim {

/// Waits for SIGINT or SIGTERM, which must be blocked in all threads.
void wait_for_signal();

/// Ends the process as it stands, once the log is written.
[[noreturn]] void end_at_once(int status);

/// Ends the process if the actors do not: by then nothing is under way that the database does not
/// know of.
void watch_the_end();

} // namespace meisim

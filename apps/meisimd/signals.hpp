#pragma once

namespace meisim {

/// Waits for SIGINT or SIGTERM, which must be blocked in all threads.
void wait_for_signal();

/// Ends the process if the actors do not: by then nothing is under way that the database does not
/// know of.
void watch_the_end();

} // namespace meisim

#pragma once

#include <string>

namespace meisim {

/// Brings the schema up to date. Waits for a database that cannot be used yet, and says why each
/// time; a signal ends the process at once meanwhile. Throws where waiting would change nothing.
void prepare_database(const std::string& connection);

} // namespace meisim

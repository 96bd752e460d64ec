#pragma once

#include <string>

namespace meisim {

/// Why this libpq text gives no connection, in a sentence that tells an operator what to do: no
/// answer, no such database, a wrong password, or a missing one. Empty if a connection can be made
/// after all.
std::string why_no_connection(const std::string& connection);

/// Why a connection that can be made is not fit for us, in a sentence that tells an operator what
/// to do; empty if it is. A pooler between us and PostgreSQL has to give each session a server
/// session of its own, with our settings in force.
std::string why_unfit(const std::string& connection);

} // namespace meisim

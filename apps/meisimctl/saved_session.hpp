#pragma once

#include <string>

namespace meisim {

/// The token of the session that this user has begun at this address; empty without one.
/// `MEISIM_OPERATOR_TOKEN` comes before the file.
std::string saved_session(const std::string& url);

/// Keeps a token that only this user can read, in place of any other. Throws `refused` if it cannot
/// be written.
void save_session(const std::string& url, const std::string& token);

/// Forgets the session. True if there was one.
bool forget_session();

} // namespace meisim

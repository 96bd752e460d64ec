#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/sessions.hpp"

#include <string>

namespace meisim {

/// Keeps a session that has been opened just now, and forgets those of the dealer that have
/// expired. Part of the caller's transaction.
void insert_session(database& db, const session& opened, bool is_portal,
                    const std::string& address);

/// Newest first.
session_list open_sessions_of(database& db, dealer_id dealer);

/// False if the dealer has no such open session.
bool end_open_session(database& db, dealer_id dealer, session_id id);

} // namespace meisim

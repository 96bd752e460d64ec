#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/dealer_requests.hpp"
#include "protocols/base/page.hpp"

#include <span>

namespace meisim {

/// Writes requests down, all of them in one commit.
void write_requests(database& db, std::span<const request_note> notes);

/// Newest first.
json_page browse(database& db, const browse_requests& question);

/// Forgets some of those that are older than three days.
void forget_old_requests(database& db);

} // namespace meisim

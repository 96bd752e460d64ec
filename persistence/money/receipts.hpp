#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/commit.hpp"

#include <string>

namespace meisim {

// What a posting was answered with. No answer is stored: it is told again from what was committed.

/// Without an id if there is no such posting.
stored_receipt find_posting(database& db, posting_id id);

/// What was answered under an idempotency key; without a hash if nothing was.
stored_receipt receipt_under_key(database& db, dealer_id dealer, const std::string& key);

} // namespace meisim

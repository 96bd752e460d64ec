#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/commit.hpp"

#include <string>

namespace meisim {

// The receipt of a posting. No answer is stored. The receipt is read from what was committed.

/// The receipt has no id if there is no such posting.
stored_receipt find_posting(database& db, posting_id id);

/// The receipt under an idempotency key. It has no hash if there is none.
stored_receipt receipt_under_key(database& db, dealer_id dealer, const std::string& key);

} // namespace meisim

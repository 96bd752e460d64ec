#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/commit.hpp"

#include <string>

namespace meisim {

/// What is stored of a posting's answer. A sale's is written again from the sale itself: all that
/// it says stands there, and with each eSIM's code it would be the largest part of a commit.
std::string kept_answer(const decided_posting& posting);

/// What a posting was answered with; an empty body if there is no such posting.
stored_receipt find_posting(database& db, posting_id id);

/// What was answered under an idempotency key; an empty body if nothing was.
stored_receipt receipt_under_key(database& db, dealer_id dealer, const std::string& key);

} // namespace meisim

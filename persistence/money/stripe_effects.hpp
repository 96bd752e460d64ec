#pragma once

#include "persistence/base/session.hpp"
#include "persistence/money/pipeline.hpp"
#include "protocols/money/commit.hpp"

#include <memory>
#include <span>
#include <unordered_set>

namespace meisim {

// What card payments do within a commit (see effects.hpp).

/// Locks the payments that these postings credit or reverse, and adds to `stale` the postings whose
/// payment is not where they expect it.
void lock_payments(database& db, std::span<const std::shared_ptr<const decided_posting>> postings,
                   std::unordered_set<posting_id>& stale);

/// Adds a row for each thing that happens to a payment.
void add_payment_movements(pipeline& into,
                           std::span<const std::shared_ptr<const decided_posting>> postings);

/// Moves the payments on. They must be locked.
void write_payments(database& db, std::span<const std::shared_ptr<const decided_posting>> postings);

} // namespace meisim

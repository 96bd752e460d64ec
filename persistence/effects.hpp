#pragma once

#include "persistence/bulk_insert.hpp"
#include "persistence/session.hpp"
#include "protocols/commit.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace meisim {

// The part of a commit that is not money: what each kind of effect needs locked, and what it
// writes.

/// The name of an effect in the ledger.
std::string_view kind_of(const effect& what);

/// Locks every row that the effects of these postings stand on, and names the postings of which one
/// is gone, in other hands, or no longer in the state that it must have.
std::unordered_set<posting_id> lock_effects(
  database& db, std::span<const std::shared_ptr<const decided_posting>> postings);

/// Adds the rows that these effects make.
void add_effects(bulk_insert& rows,
                 std::span<const std::shared_ptr<const decided_posting>> postings);

/// Changes the rows that these effects change, set by set. They must be locked.
void write_effects(database& db, std::span<const std::shared_ptr<const decided_posting>> postings);

} // namespace meisim

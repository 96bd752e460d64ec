#pragma once

#include "persistence/base/session.hpp"
#include "persistence/money/pipeline.hpp"
#include "protocols/money/commit.hpp"

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

/// Whether one of these effects stands on rows that others may change meanwhile, and that have to
/// be looked at first.
bool has_locked_effects(std::span<const std::shared_ptr<const decided_posting>> postings);

/// Locks every row that the effects of these postings stand on, and names the postings of which one
/// is gone, in other hands, or no longer in the state that it must have.
std::unordered_set<posting_id> lock_effects(
  database& db, std::span<const std::shared_ptr<const decided_posting>> postings);

/// Changes the rows that were locked, set by set.
void write_locked_effects(database& db,
                          std::span<const std::shared_ptr<const decided_posting>> postings);

/// Adds the rows that these effects make.
void add_effects(pipeline& into, std::span<const std::shared_ptr<const decided_posting>> postings);

/// Marks what was sold; one that is sold already fails the commit (inventory_sold_once). Other
/// writers may want the same block of places, which this locks until the commit.
void add_sales(pipeline& into, std::span<const std::shared_ptr<const decided_posting>> postings);

} // namespace meisim

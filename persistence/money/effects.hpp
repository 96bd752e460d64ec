#pragma once

#include "persistence/money/effect_kind.hpp"

#include <span>
#include <string_view>
#include <unordered_set>

namespace meisim {

/// All kinds of effect, in the order in which a commit writes them.
std::span<const effect_kind* const> effect_kinds();

const effect_kind& kind_of(const effect& what);

/// The kind with this name in the ledger; null if there is none.
const effect_kind* find_effect_kind(std::string_view name);

/// Whether one of these effects depends on rows that have to be locked first.
bool has_locks(postings_view postings);

/// Locks the rows that these effects depend on, and returns the postings whose rows are not as they
/// must be.
std::unordered_set<posting_id> lock_effects(database& db, postings_view postings);

/// Adds the rows that these effects make or change.
void add_effects(pipeline& into, postings_view postings);

/// Adds changes of rows that other writers change too.
void add_contended_effects(pipeline& into, postings_view postings);

} // namespace meisim

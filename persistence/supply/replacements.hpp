#pragma once

#include "persistence/base/session.hpp"
#include "protocols/supply/replacement.hpp"

#include <optional>
#include <stdexcept>

namespace meisim {

// eSIMs that are said to be broken. Each function that changes something is one transaction, unless
// it says otherwise.

/// Begins a check, or finds the one that is open. Nothing if the eSIM was not sold to the dealer.
/// For an eSIM that has been replaced, it is the check that did so, with the decision `replaced`.
std::optional<replacement_view> begin_replacement(database& db, const request_replacement& wish);

/// The dealer's check; nothing for anybody else's.
std::optional<replacement_view> find_replacement_of(database& db, const find_replacement& question);

/// A page of the dealer's checks.
json_page browse(database& db, const browse_checks& question);

review_list open_reviews(database& db);

/// What the validator has found for the check that this batch belongs to; nothing if there is none.
std::optional<replacement_verdicts> verdicts_of(database& db, batch_id batch);

/// Takes the step if the check is still pending, ends the batch's job, and tells how the check
/// stands now.
replacement_view apply_step(database& db, const take_step& what);

/// What the operator has decided; nothing if no such check waits for it.
std::optional<replacement_view> apply_review(database& db, const resolve_review& what);

/// Hands rows of the pool to the checks that wait for one, in the order of arrival. Part of the
/// caller's transaction, which has just brought the rows.
void serve_waiting(database& db, const pool_name& pool);

} // namespace meisim

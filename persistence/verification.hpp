#pragma once

#include "persistence/session.hpp"
#include "protocols/verification.hpp"

#include <optional>
#include <vector>

namespace meisim {

// The work on batches, as one verification actor does it beside those of other nodes. Each function
// is one transaction.

/// Leases up to `count` open rows to the owner: first those whose owner has vanished, then fresh
/// ones, of the dealers that have waited longest, from the batch of each that has waited longest.
lease_grant lease_open_rows(database& db, const lease_rows& wish);

/// Writes what was found under leases that are still the caller's, moves the counters, completes
/// batches that have no open row left, and sees to what follows: refunds and the mail.
verdicts_written write_findings(database& db, const write_verdicts& work);

/// Keeps leases, or gives them back; those in other hands are left alone.
void renew_row_leases(database& db, const renew_leases& wish);

/// Rows whose verdict is `error` and that are not refunded; nothing if there is no such batch.
std::optional<refund_due> find_refund_due(database& db, batch_id batch);

/// Takes the refund's job away, unless more is owed by now.
void end_refund_job(database& db, batch_id batch);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/verification/batch_results.hpp"
#include "protocols/verification/row_leases.hpp"

#include <optional>

namespace meisim {

// What is found out about the rows of a batch, and what follows. Each function is one transaction.

/// Writes what was found under leases that are still the caller's. Moves the counters, completes
/// batches that have no open row left, and queues what follows: refunds and the mail.
verdicts_written write_findings(database& db, const write_verdicts& work);

/// What is owed of a batch that was cancelled. A batch that was complete before cannot be
/// cancelled.
struct cancellation {
  bool was_possible = false;
  refund_due due;
};

/// Stops leasing the batch, and completes it if nobody is at work on it. Nothing if the dealer has
/// no such batch.
std::optional<cancellation> cancel(database& db, const cancel_batch& wish);

/// Rows that are owed and not refunded: those whose verdict is `error`, and those that were
/// cancelled. Nothing if there is no such batch.
std::optional<refund_due> find_refund_due(database& db, batch_id batch);

/// Takes the refund's job away, unless more is owed by now.
void end_refund_job(database& db, batch_id batch);

} // namespace meisim

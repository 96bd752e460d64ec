#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_reconciliation.hpp"

#include <optional>

namespace meisim {

/// Writes a payment down before Stripe is asked, or finds the one that was begun under the same
/// idempotency key. The error `conflict` if that belongs to another request.
caf::expected<begun_payment> start_payment(database& db, const begin_payment& wish);

/// Keeps what Stripe has made, in one commit. Harmless when repeated.
void keep_payment(database& db, const finish_payment& result);

/// The payment that the question is about; nothing if it is none of ours.
std::optional<stripe_payment> payment_of(database& db, const find_payment& question);

/// Writes down anew a payment that the database has lost, with the audit event, in one commit.
/// False if its dealer is not there either.
bool recall(database& db, const recall_payment& wish);

/// Keeps a movement that changes no balance, in one commit. False if the payment has moved on.
bool keep_movement(database& db, const note_movement& note);

// -- for the operator -----------------------------------------------------------------------------

/// Keeps an event once, however often it comes.
noted_event keep_unmatched(database& db, const note_unmatched& what);

/// False if no such event is open.
bool settle(database& db, const settle_unmatched& what);

unmatched_list unmatched_events(database& db);

payment_list payments_of(database& db, const list_payments& question);

/// By our id, or Stripe's session or intent.
std::optional<payment_view> payment_with(database& db, const std::string& id);

movement_list kept_movements(database& db, const list_movements& question);

} // namespace meisim

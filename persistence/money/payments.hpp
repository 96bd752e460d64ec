#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/payments.hpp"

#include <optional>

namespace meisim {

/// Writes a payment down before Stripe is asked, or finds the one that was begun under the same
/// idempotency key. The error `conflict` if that belongs to another request.
caf::expected<begun_payment> start_payment(database& db, const begin_payment& wish);

/// Keeps what Stripe has made, in one commit. Harmless when repeated.
void keep_payment(database& db, const finish_payment& result);

/// The payment that the question is about; nothing if it is none of ours.
std::optional<stripe_payment> payment_of(database& db, const find_payment& question);

} // namespace meisim

#pragma once

#include "persistence/money/effect_kind.hpp"
#include "protocols/money/payments.hpp"

namespace meisim {

// What a credit and a reversal of a card payment have in common.

/// A step of a payment: the version that it expects, and what becomes of the payment.
struct committed_step {
  payment_id payment;
  int64_t version = 0;
  /// Null if no balance changes.
  const decided_posting* posting = nullptr;
  /// Null for the payment itself.
  const stripe_movement* movement = nullptr;
  money taken;
  std::string_view intent;
  instant at;
};

/// Locks the payments, and tells which steps find their payment where they expect it.
std::vector<bool> lock_payments(database& db, const std::vector<committed_step>& steps);

/// As an effect's `lock`.
void lock_payments(database& db, const std::vector<committed_step>& steps,
                   std::unordered_set<posting_id>& stale);

/// Moves the payments on, and keeps each movement and posting.
void add_payment_steps(pipeline& into, const std::vector<committed_step>& steps);

} // namespace meisim

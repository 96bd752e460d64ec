#pragma once

#include "persistence/money/effect_kind.hpp"

namespace meisim {

// What a credit and a reversal of a card payment have in common.

/// Where a posting expects its payment, and where it leaves it.
struct payment_step {
  const decided_posting* posting = nullptr;
  payment_id payment;
  std::string_view cause;
  std::string_view intent;
  bool credited_before = false;
  money refunded_before, refunded_after;
  money reversed_before, reversed_after;
};

/// Locks the payments, and adds to `stale` the postings whose payment is not where they expect it.
void lock_payments(database& db, const std::vector<payment_step>& steps,
                   std::unordered_set<posting_id>& stale);

/// Moves the payments on, and adds a row for each thing that happens to one.
void add_payment_steps(pipeline& into, const std::vector<payment_step>& steps);

} // namespace meisim

#pragma once

#include "protocols/money/payments.hpp"

#include <string>
#include <utility>

// A card payment of a hundred dollars, and what Stripe may do with its money.

namespace meisim::test {

constexpr auto cents(int64_t value) {
  return money::from_cents(value);
}

inline stripe_payment some_payment() {
  stripe_payment payment;
  payment.id = payment_id::make();
  payment.dealer = dealer_id::make();
  payment.net = cents(100'00);
  payment.gross = cents(103'30);
  payment.reference = "cs_test_1";
  payment.intent = "pi_1";
  return payment;
}

inline stripe_movement refund(std::string id, int64_t amount, bool is_undone = false) {
  return {std::move(id), movement_kind::refund, cents(amount), {}, is_undone};
}

/// A transaction of a dispute: negative for what came again.
inline stripe_movement disputed(std::string id, int64_t amount, int64_t fee = 0) {
  return {std::move(id), movement_kind::dispute, cents(amount), cents(fee), false};
}

} // namespace meisim::test

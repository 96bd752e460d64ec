#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// Card payments into the wallet. A `stripe_payment` is our row behind one Checkout session or one
// PaymentIntent. It is there before Stripe is asked, and all that later happens to the money is
// noted with it.

using payment_id = id<struct payment_tag>;

/// Bounds of what a dealer may add at a time.
constexpr money least_topup = money::from_cents(50'00);
constexpr money most_topup = money::from_cents(10'000'00);

/// What Stripe keeps of each payment.
struct stripe_fee {
  /// Millionths of the gross amount: 29,000 is 2.9 %.
  int64_t millionths = 29'000;
  money fixed = money::from_cents(30);

  /// What has to be paid so that `net` is left: (net + fixed) / (1 - share), rounded up to the
  /// cent.
  money gross_for(money net) const;

  /// Reads a percentage of at least 0 and below 100 with at most four decimals: `2.9`.
  static std::optional<int64_t> parse_percent(std::string_view text);
};

/// How a dealer pays: on a page of Stripe, or in a form within a page of ours.
enum class payment_kind : uint8_t { session, intent };

std::string_view to_string(payment_kind kind);

/// What Stripe did with the money of a payment after it was paid.
enum class movement_kind : uint8_t {
  /// A refund, `re_…`.
  refund,
  /// The sum that a charge, `ch_…`, says was refunded in all. Only the part counts that no refund
  /// has named yet.
  refund_sum,
  /// What a dispute took or gave back: a balance transaction, `txn_…`, or the dispute itself if the
  /// event lists none.
  dispute,
};

std::string_view to_string(movement_kind kind);
std::optional<movement_kind> parse_movement_kind(std::string_view text);

/// A movement happens once, under Stripe's own id.
struct stripe_movement {
  std::string id;
  movement_kind kind = movement_kind::refund;
  /// What went back to the card; negative for what came again.
  money amount;
  /// What Stripe charged for it besides; negative for what Stripe gave back.
  money fee;
  /// Whether it came to nothing: a refund that failed or was canceled. That is final.
  bool is_undone = false;

  friend bool operator==(const stripe_movement&, const stripe_movement&) = default;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stripe_movement& x) {
  return f(caf::meta::type_name("stripe_movement"), x.id, x.kind, x.amount, x.fee, x.is_undone);
}

/// The wallet got the net amount of a payment, once.
struct stripe_credited {
  static constexpr std::string_view account = "cash";

  payment_id payment;
  /// The id of the Checkout session, or of the PaymentIntent if there is no session. The dealer
  /// sees it.
  std::string reference;
  /// The PaymentIntent, as far as the event named it.
  std::string intent;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stripe_credited& x) {
  return f(caf::meta::type_name("stripe_credited"), x.payment, x.reference, x.intent);
}

/// The wallet follows a movement, below zero if need be.
struct stripe_reversed {
  /// A refund or dispute returns what a top-up brought.
  static constexpr std::string_view account = "cash";
  /// The money has gone already.
  static constexpr bool may_overdraw = true;

  payment_id payment;
  std::string reference;
  /// The movement as it is from now on.
  stripe_movement movement;
  /// How much of the net amount it takes; negative for what it gives back.
  money taken;
  /// The version that the payment must have.
  int64_t payment_version = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stripe_reversed& x) {
  return f(caf::meta::type_name("stripe_reversed"), x.payment, x.reference, x.movement, x.taken,
           x.payment_version);
}

} // namespace meisim

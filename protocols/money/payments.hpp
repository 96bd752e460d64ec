#pragma once

#include "protocols/money/posting.hpp"
#include "protocols/money/stripe.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <optional>
#include <string>

namespace meisim {

/// A payment as the database knows it.
struct stripe_payment {
  payment_id id;
  dealer_id dealer;
  payment_kind kind = payment_kind::session;
  money net;
  money gross;
  /// The id of the session or intent that we made; empty until Stripe has answered.
  std::string reference;
  /// The PaymentIntent, once it is known.
  std::string intent;
  bool credited = false;
  /// The gross amount that was refunded to the card.
  money refunded;
  /// What refunds and disputes have taken from the wallet again; at most `net`.
  money reversed;
  /// What the dispute that was asked about took, and whether that came back.
  std::optional<money> taken_by_dispute;
  bool is_dispute_undone = false;
};

/// The next posting that the event asks for; nothing if all of it is done. Ask again after each
/// posting, with the payment read anew.
///
/// A refund takes what it gave back, dollar for dollar, until all of the net amount is gone: the
/// rest of the gross amount never was in the wallet. What goes back was paid before, so a refund or
/// dispute that arrives before the payment itself credits it first.
std::optional<posting> next_posting(const stripe_payment& payment, const stripe_event& event);

/// Whether the event is about this payment, for the whole of its amount: our id within it is not
/// enough.
bool is_about(const stripe_event& event, const stripe_payment& payment);

// -- messages -------------------------------------------------------------------------------------

/// A dealer wants to pay.
struct start_topup {
  dealer_id dealer;
  std::string email;
  payment_kind kind = payment_kind::session;
  money net;
  /// The caller's Idempotency-Key; empty without one.
  std::string idempotency_key;
  std::string request_hash;
};

/// What Stripe has made for a payment, and a dealer pays by.
struct payment_means {
  /// Where the card pays; only a session has it.
  std::string checkout_url;
  /// What a page of ours needs to pay, and the key that goes with it; only an intent has them.
  std::string client_secret;
  std::string publishable_key;

  bool are_there() const {
    return !checkout_url.empty() || !client_secret.empty();
  }
};

/// What the dealer is told, now and at each repeat under the same key.
struct topup_started {
  money net;
  money gross;
  payment_means means;
  bool replayed = false;
};

/// What arrived at the webhook's address, byte for byte.
struct stripe_letter {
  std::string signature;
  std::string body;
};

/// Write a payment down before Stripe is asked; `conflict` if the key belongs to another request.
struct begin_payment {
  start_topup what;
  money gross;
};

struct begun_payment {
  payment_id id;
  /// Of the first request under this key.
  money net;
  money gross;
  /// Empty until Stripe has answered.
  payment_means means;
};

/// Stripe has made the session or intent, and this is what the dealer gets.
struct finish_payment {
  payment_id id;
  std::string reference;
  std::string intent;
  payment_means means;
};

/// The payment with this id of ours, or this session or intent: the first that is there. With what
/// `dispute` has done to it.
struct find_payment {
  payment_id id;
  std::string session;
  std::string intent;
  std::string dispute;
};

} // namespace meisim

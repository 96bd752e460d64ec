#pragma once

#include "protocols/money/stripe.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim {

// The part of Stripe's API that we speak (https://docs.stripe.com/api): requests are form-encoded,
// with nested names such as `metadata[key]`; answers and events are JSON.
//
//   POST /v1/checkout/sessions      a page where a card pays
//   POST /v1/payment_intents        a payment within a page of ours
//   GET  /v1/payment_intents/{id}   whose payment is this?

/// Pairs of a form in order, decoded.
using form_fields = std::vector<std::pair<std::string, std::string>>;

std::string encode_form(const form_fields& fields);

/// Reads `a=1&b%5Bc%5D=2`. Nothing if an escape is broken.
std::optional<form_fields> decode_form(std::string_view text);

/// What a request for a payment tells Stripe. Our payment's id goes along as metadata of the
/// session, its intent and thereby its charge, so that every later event names it.
struct payment_terms {
  payment_id payment;
  std::string email;
  money net;
  money gross;
  std::string success_url;
  std::string cancel_url;
};

std::string session_form(const payment_terms& terms);
std::string intent_form(const payment_terms& terms);

/// The name under which our payment's id stands in Stripe's metadata.
constexpr std::string_view payment_metadata = "meisim_payment";

/// What we need of a session or intent that Stripe made.
struct stripe_object {
  std::string id;
  /// Where the card pays; only a session has it.
  std::string url;
  /// What the page needs to pay; only an intent has it.
  std::string client_secret;
  /// The intent behind a session, where there is one already.
  std::string intent;
  /// Our payment within the metadata; none if there is none.
  payment_id payment;
};

caf::expected<stripe_object> object_from_wire(std::string_view json);

/// One line for the log out of an error answer: its type, code and message.
std::string error_from_wire(std::string_view json);

/// What an event means to a wallet.
enum class stripe_event_kind : uint8_t {
  /// Nothing.
  other,
  /// A payment succeeded.
  paid,
  /// A charge was refunded, in whole or in part.
  refunded,
  /// A dispute has taken money.
  disputed,
  /// A dispute has given it back.
  reinstated,
  /// A refund did not reach the card. Which of several refunds it was cannot be told from the sums
  /// that charges carry: that is for the operator to settle.
  refund_failed,
};

struct stripe_event {
  std::string id;
  std::string type;
  stripe_event_kind kind = stripe_event_kind::other;
  /// Our payment as the metadata names it; none if it does not.
  payment_id payment;
  std::string session;
  std::string intent;
  std::string dispute;
  /// Lower case, as Stripe writes it; empty if the event does not tell.
  std::string currency;
  /// What was paid, or what the dispute is about.
  std::optional<money> amount;
  /// What was refunded of the charge so far.
  money refunded;
};

/// Reads an event. `invalid` if it is none; what has no meaning for a wallet is `other`.
caf::expected<stripe_event> event_from_wire(std::string_view json);

} // namespace meisim

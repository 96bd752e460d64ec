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
//   GET  /v1/checkout/sessions, /v1/refunds, /v1/disputes  ?payment_intent=…: what became of it?
//   GET  /v1/events/{id}            an event once more
//   GET  /v1/balance_transactions   all that moved money
/// Pairs of a form in order, decoded.
using form_fields = std::vector<std::pair<std::string, std::string>>;

std::string encode_form(const form_fields& fields);

/// Reads `a=1&b%5Bc%5D=2`. Nothing if an escape is broken.
std::optional<form_fields> decode_form(std::string_view text);

/// What a request for a payment tells Stripe. Our payment's id goes along as metadata of the
/// session, its intent and thereby its charge, so that every later event names it. So do its dealer
/// and its net amount, by which a restored database that has lost the payment gets it back, and the
/// installation that has made it.
struct payment_terms {
  payment_id payment;
  dealer_id dealer;
  std::string email;
  money net;
  money gross;
  std::string success_url;
  std::string cancel_url;
  std::string installation = {};
};

std::string session_form(const payment_terms& terms);
std::string intent_form(const payment_terms& terms);

/// The names under which our payment's id, its dealer, its net amount and its installation stand in
/// Stripe's metadata.
constexpr std::string_view payment_metadata = "meisim_payment";
constexpr std::string_view dealer_metadata = "meisim_dealer";
constexpr std::string_view net_metadata = "meisim_net_cents";
constexpr std::string_view installation_metadata = "meisim_installation";

/// What we need of a session or intent that Stripe made.
struct stripe_object {
  std::string id;
  /// Where the card pays; only a session has it.
  std::string url;
  /// What the page needs to pay; only an intent has it.
  std::string client_secret;
  /// The intent behind a session, where there is one already.
  std::string intent;
  /// Our payment's id in the metadata; zero if there is none.
  payment_id payment;
  /// Which installation has made it, as far as the metadata tell.
  std::string installation;
};

caf::expected<stripe_object> object_from_wire(std::string_view json);

/// An intent that was paid, with all that our metadata tell of its payment.
struct paid_intent {
  std::string id;
  payment_id payment;
  dealer_id dealer;
  money net;
  money gross;
  std::string installation;
};

/// `not_found`, with the reason, if it is none of ours, not paid in US dollars, or its metadata do
/// not tell enough.
caf::expected<paid_intent> paid_intent_from_wire(std::string_view json);

/// One line for the log out of an error answer: its type, code and message.
std::string error_from_wire(std::string_view json);

/// What an event means to a wallet.
enum class stripe_event_kind : uint8_t {
  /// Nothing.
  other,
  /// A payment succeeded.
  paid,
  /// Money of a payment moved again.
  moved,
};

struct stripe_event {
  std::string id;
  std::string type;
  stripe_event_kind kind = stripe_event_kind::other;
  /// Our payment as the metadata names it; none if it does not.
  payment_id payment;
  /// Whether the metadata are ours: those of another system would not have our name.
  bool is_ours = false;
  /// Which installation has made the payment, as far as the metadata tell.
  std::string installation;
  std::string session;
  std::string intent;
  /// Lower case, as Stripe writes it; empty if the event does not tell.
  std::string currency;
  /// What was paid in all, if the event tells.
  std::optional<money> amount;
  std::vector<stripe_movement> movements;
  /// The event tells only how much was refunded in all. Stripe has to be asked which refunds there
  /// were.
  bool asks_for_refunds = false;
};

/// Reads an event. `invalid` if it is none; what has no meaning for a wallet is `other`.
caf::expected<stripe_event> event_from_wire(std::string_view json);

/// The session, or intent, of a payment as if an event had just told of it; `other` if it is not
/// paid.
caf::expected<stripe_event> payment_from_wire(payment_kind kind, std::string_view json);

/// The first session of a list. `not_found` if there is none.
caf::expected<stripe_event> listed_session_from_wire(std::string_view json);

/// A list of refunds, or of disputes, of one payment.
struct listed_movements {
  std::vector<stripe_movement> movements;
  /// Why the list does not have all that moved; empty if it does.
  std::string_view missing;
};

caf::expected<listed_movements> refunds_from_wire(std::string_view json);
caf::expected<listed_movements> disputes_from_wire(std::string_view json);

} // namespace meisim

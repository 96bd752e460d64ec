#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/money/stripe.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

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
  /// 0 until it is credited; one more with each step.
  int64_t version = 0;
  std::vector<stripe_movement> movements;

  bool is_credited() const {
    return version > 0;
  }

  /// How much of the net amount the movements have taken from the wallet. A refund takes what it
  /// gave back, dollar for dollar, until all of the net amount is gone. The rest of the gross
  /// amount never was in the wallet.
  money reversed() const;

  /// What Stripe charged for disputes, which the wallet pays.
  money fees() const;
};

/// A movement that changes no balance, for example because nothing was left to take. It is kept all
/// the same.
struct note_movement {
  payment_id payment;
  stripe_movement movement;
  /// The version that the payment must have; otherwise the error is `moved`.
  int64_t payment_version = 0;
};

/// What an event still asks for; nothing if all of it is done.
using payment_step = std::variant<std::monostate, posting, note_movement>;

/// The next step of an event. Ask again after each, with the payment read anew. In the end the
/// wallet is the same, in whatever order and however often the events of a payment come.
///
/// What goes back was paid before, so a refund or dispute that arrives before the payment itself
/// credits it first.
payment_step next_payment_step(const stripe_payment& payment, const stripe_event& event);

/// Why the event is not about this payment, or not about the whole of it; empty if it is. Our id
/// within the event is not enough.
std::string_view payment_mismatch(const stripe_event& event, const stripe_payment& payment);

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

/// What Stripe has made for a payment, by which a dealer pays.
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
  /// The net amount of the first request under this key.
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

/// The payment with this id of ours, or this session or intent: the first that is there.
struct find_payment {
  payment_id id;
  std::string session;
  std::string intent;
};

/// A payment of ours that the database does not know, as Stripe has it.
struct recall_payment {
  stripe_payment what;
  audit_stamp by;
};

/// An event that moved no money although it should: for the operator to see.
struct note_unmatched {
  std::string event;
  std::string type;
  /// What it names.
  std::string session;
  std::string intent;
  std::string reason;
};

struct noted_event {
  /// Whether it was noted for the first time.
  bool is_new = true;
  /// Whether it still waits for the operator.
  bool is_open = true;
};

/// Settle an event: Stripe's event was done after all, or the operator gives a reason. `not_found`
/// if no such event is open.
struct settle_unmatched {
  std::string event;
  std::string reason;
  audit_stamp by = {};
};

/// Which events wait for the operator?
struct list_unmatched {};

struct unmatched_event {
  note_unmatched what;
  instant at;
};

struct unmatched_list {
  /// The oldest first; at most a thousand.
  std::vector<unmatched_event> events;
  /// How many events wait in all.
  int64_t count = 0;
};

/// The last payments, of all dealers or one.
struct list_payments {
  /// The dealer's address; empty for all.
  std::string email;
  int32_t limit = 100;
};

/// What a payment did to the wallet.
struct payment_posting {
  posting_id id;
  /// Empty for the payment itself.
  std::string movement;
  money amount;
  instant at;
};

struct payment_view {
  stripe_payment what;
  std::string email;
  instant at;
  /// Only if one payment was asked for.
  std::vector<payment_posting> postings;
};

struct payment_list {
  std::vector<payment_view> payments;
};

/// One payment, with all that happened to it; `not_found` if there is none.
struct show_payment {
  /// Our id, or a session or intent of Stripe's.
  std::string id;
};

/// Ask Stripe what became of a payment (our id, a session, an intent or a refund), or for an event
/// (`evt_…`), and do what is missing. A payment of ours that the database does not know is written
/// down anew.
struct replay_payment {
  std::string id;
  audit_stamp by = {};
};

struct replay_outcome {
  /// Empty if all is done; otherwise why not.
  std::string problem;
};

} // namespace meisim

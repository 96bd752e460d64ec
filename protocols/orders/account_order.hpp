#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/access/credit.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/trace_context.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/recharge.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace meisim {

// Orders on account: the wallet is not touched, and the caller waits for the provider's answer.

/// Buy one eSIM or top up one SIM on account. The order stands in the database as `pending`, with a
/// job, before the provider is asked; the id makes a repetition harmless.
struct account_order {
  order_id id;
  dealer_id dealer;
  /// The name of the bundle, or of a top-up's network.
  std::string product;
  /// The ISO code of the country that it is for; empty for a whole region.
  std::string country;
  /// The name that the customer reads.
  std::string product_name;
  std::string customer_reference;
  std::string email;
  /// Whether the customer is mailed the QR code.
  bool mails_customer = false;
  /// What the dealer is billed.
  money price;
  /// The caller's Idempotency-Key, and the hash that tells a repetition from another request; both
  /// empty without a key.
  std::string idempotency_key;
  std::string request_hash;
  /// Only a top-up has it.
  std::optional<recharge> top_up = {};
  /// The product that is asked for first, if several providers sell it; otherwise empty.
  std::string route = {};
  request_origin origin = {};
};

/// What the catalogue said of an order when it was placed. Later it may say something else.
struct order_terms {
  /// What the dealer is billed.
  money price;
  /// The currency of a top-up, and the value of its extra in hundredths of it; empty and zero for
  /// an eSIM.
  std::string currency;
  int64_t bundle_value = 0;
  /// The telephone number that was topped up, in E.164; empty if there is none.
  std::string contact_number = {};
};

/// The order on account with this id, which follows from an Idempotency-Key. `not_found` if there
/// is none, `conflict` if it was made by another request than the one with this hash.
struct find_account_order {
  order_id id;
  std::string request_hash;
};

/// An order on account as it was found in the database, or has just been placed there.
struct account_placement {
  bool is_new = false;
  /// Since when the provider may have been asked for it without the knowledge of a restored
  /// database; zero if that cannot be.
  instant placed_since = {};
  /// An operator holds the orders of this provider: nothing was done.
  bool is_held = false;
  /// If the order would be above the dealer's credit limit: how the credit stands. Nothing was
  /// done.
  std::optional<credit_position> exhausted = {};
  order_terms terms;
  std::string short_id;
  std::string request_hash;
  /// `pending`, `completed`, `failed` or `revoked`.
  std::string status;
  std::string failure;
  std::string iccid;
  std::string lpa;
  /// The provider's own name for a top-up.
  std::string provider_reference;
};

/// How far an order on account is.
struct account_outcome {
  enum class state : uint8_t {
    completed,
    /// Not known yet; the provider is asked until it is.
    pending,
    /// The provider will not.
    refused,
    /// The provider cannot be reached, and nothing was bought.
    unavailable,
  };

  state now = state::pending;
  std::string iccid;
  std::string lpa;
  /// A sentence for everything but `completed`.
  std::string reason;
  /// Whether an earlier request has placed the order.
  bool is_replayed = false;
  /// The provider's own name for a top-up.
  std::string provider_reference = {};
  order_terms terms = {};
};

/// The eSIM of an order on account is there: the order is `completed`, with its job, and the mail
/// is queued if there is one. `moved` if somebody else holds the order's job, or the order has
/// ended.
struct finish_account_order {
  delivered_esim unit;
  std::optional<queued_mail> mail;
  /// The number under which the order's job was taken; 0 for whoever placed the order.
  int32_t attempt = 0;
};

/// The SIM of an order on account has been topped up: the order is `completed`, with its job.
/// `moved` as above.
struct finish_recharge {
  order_id id;
  std::string provider_reference;
  std::optional<money> cost;
  int32_t attempt = 0;
};

/// The eSIM or top-up will not come: the order is `failed`, with its job. `moved` as above.
struct fail_account_order {
  order_id id;
  std::string reason;
  /// Whether the same request under the same Idempotency-Key may yet succeed.
  bool may_be_repeated = false;
  /// `any_attempt` for an operator.
  int32_t attempt = 0;
  /// The operator who ends it, if it is one.
  std::optional<audit_stamp> by = {};
};

/// Whose eSIM is this?
struct find_esim {
  dealer_id dealer;
  std::string iccid;
};

struct sold_esim {
  order_id order;
  std::string iccid;
  /// What was bought; its name says from whom.
  std::string product;
  std::string lpa;
};

/// The eSIM was revoked upstream; the order is `revoked` once all of its eSIMs are.
struct esim_revoked {
  std::string iccid;
  dealer_id dealer;
  audit_stamp by;
};

} // namespace meisim

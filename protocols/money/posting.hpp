#pragma once

#include "protocols/base/error.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/inspect_variant.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/money/stripe.hpp"
#include "protocols/orders/order.hpp"
#include "protocols/supply/supply.hpp"
#include "protocols/verification/batch.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace meisim {

/// What a line of a wallet is to its dealer.
enum class entry_type : uint8_t { debit, topup, refund, credit, adjustment };

std::string_view to_string(entry_type type);

/// One wished change of a balance; becomes one transfer of the ledger.
struct ledger_line {
  entry_type type = entry_type::debit;
  /// Negative for what leaves the wallet; never zero.
  money amount;
  std::string description;
  /// The order that the line pays or gives back; none if zero.
  order_id order;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ledger_line& x) {
  return f(caf::meta::type_name("ledger_line"), x.type, x.amount, x.description, x.order);
}

/// An operator changed the balance by hand.
struct wallet_adjusted {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wallet_adjusted&) {
  return f(caf::meta::type_name("wallet_adjusted"));
}

/// What a posting does beside moving money; it stands in the same commit.
using effect =
  std::variant<wallet_adjusted, order_placed, order_refunded, supply_sold, stripe_credited,
               stripe_reversed, email_resent, batch_submitted, rows_refunded>;

/// Whether the wallet must follow even below zero: the money has gone already.
bool may_overdraw(const effect& what);

/// What the dealer sees as the Stripe session of the lines; empty for all that is none of Stripe's.
std::string_view stripe_reference(const effect& what);

/// A change of money as the edge asks for it.
struct posting {
  /// Made at the edge: a posting that arrives twice is done once.
  posting_id id;
  dealer_id dealer;
  std::vector<ledger_line> lines;
  effect what;
  /// The caller's Idempotency-Key; empty without one.
  std::string idempotency_key;
  /// SHA-256 in hexadecimal of the request that came with the key.
  std::string request_hash;
  /// The caller's price guard: the most that may leave the wallet.
  money ceiling = money::from_cents(std::numeric_limits<int64_t>::max());
};

/// What leaves the wallet by these lines, as a positive amount, whatever comes back in the same
/// posting.
money debited(const std::vector<ledger_line>& lines);

/// What the wallet's balance changes by.
money sum(const std::vector<ledger_line>& lines);

/// What came of a posting: the body that the caller gets, now and at each repeat.
struct receipt {
  posting_id id;
  /// `none`, or `vendor_error` where debit and refund both stand in the ledger and nothing was
  /// sold.
  ec code = ec::none;
  std::string body;
  /// True if the body comes from an earlier request with the same posting id or idempotency key.
  bool replayed = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, receipt& x) {
  return f(caf::meta::type_name("receipt"), x.id, x.code, x.body, x.replayed);
}

/// A receipt as the ledger keeps it beside the request that it belongs to.
struct stored_receipt {
  receipt what;
  std::string request_hash;
};

/// What the wallet answers for `what` once `balance` is what is left: the documented body, and the
/// receipt's code.
receipt write_receipt(posting_id id, const effect& what, money balance);

/// A posting as it travels. For a log its identity is enough.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, posting& x) {
  using result_type = typename Inspector::result_type;
  if constexpr (std::is_void_v<result_type>) {
    f(caf::meta::type_name("posting"), x.id, x.dealer);
  } else {
    if (auto failure = f(caf::meta::type_name("posting"), x.id, x.dealer, x.lines,
                         x.idempotency_key, x.request_hash, x.ceiling))
      return failure;
    return inspect_variant(f, x.what);
  }
}

} // namespace meisim

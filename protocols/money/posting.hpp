#pragma once

#include "protocols/access/audit.hpp"
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
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meisim {

/// What the dealer calls a line of the wallet.
enum class entry_type : uint8_t { debit, topup, refund, credit, adjustment };

std::string_view to_string(entry_type type);

std::optional<entry_type> parse_entry_type(std::string_view text);

/// One wished change of a balance; becomes one transfer of the ledger.
struct ledger_line {
  entry_type type = entry_type::debit;
  /// Negative for what leaves the wallet. A line of zero moves nothing and leaves no transfer.
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
struct wallet_adjusted {
  static constexpr std::string_view account = "adjustments";
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wallet_adjusted&) {
  return f(caf::meta::type_name("wallet_adjusted"));
}

/// What a posting does besides moving money, in the same commit. An effect itself says what a
/// wallet has to know of it, by these members, of which only the first is required:
///
///     account       the account of ours that stands opposite the wallet in its lines
///     may_overdraw  whether the wallet must follow even below zero
///     reference     what the dealer sees as the Stripe session of its lines
///     code()        the receipt's code; else `none`
///     told(money)   what the receipt tells, once so much is left; else just that
using effect =
  std::variant<wallet_adjusted, order_placed, order_refunded, supply_sold, stripe_credited,
               stripe_reversed, email_resent, batch_submitted, rows_refunded>;

/// Our account on the other side of a line of this type.
std::string_view counter_account(entry_type type, const effect& what);

/// The same, if only the account of the effect is known.
std::string_view counter_account(entry_type type, std::string_view account_of_effect);

/// Whether the wallet must follow even below zero.
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
  /// Its audit events, written in the same commit. The ledger adds the balance to them.
  std::vector<audit_event> audit = {};
};

/// What leaves the wallet by these lines, as a positive amount, whatever comes back in the same
/// posting.
money debited(const std::vector<ledger_line>& lines);

/// What the wallet's balance changes by.
money sum(const std::vector<ledger_line>& lines);

/// What the dealer is told if there is nothing else to tell.
struct balance_receipt {
  money balance;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, balance_receipt& x) {
  return f(caf::meta::type_name("balance_receipt"), x.balance);
}

/// What a receipt tells.
using receipt_values =
  std::variant<balance_receipt, order_receipt, supply_sold, resend_receipt, batch_receipt>;

/// The outcome of a posting. The caller is told the same now and at each repeat.
struct receipt {
  posting_id id;
  /// `none`, or `vendor_error` if debit and refund both stand in the ledger and nothing was sold.
  ec code = ec::none;
  receipt_values told;
  /// True if it was told before, to an earlier request with the same posting id or idempotency key.
  bool replayed = false;
};

/// A receipt as it travels. For a log its identity is enough.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, receipt& x) {
  using result_type = typename Inspector::result_type;
  if constexpr (std::is_void_v<result_type>) {
    f(caf::meta::type_name("receipt"), x.id, x.code);
  } else {
    if (auto failure = f(caf::meta::type_name("receipt"), x.id, x.code, x.replayed))
      return failure;
    return inspect_variant(f, x.told);
  }
}

/// A receipt as the ledger keeps it beside the request that it belongs to.
struct stored_receipt {
  receipt what;
  std::string request_hash;
};

/// What the wallet answers for `what` once `balance` is left.
receipt make_receipt(posting_id id, const effect& what, money balance);

/// A posting as it travels. For a log its identity is enough.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, posting& x) {
  using result_type = typename Inspector::result_type;
  if constexpr (std::is_void_v<result_type>) {
    f(caf::meta::type_name("posting"), x.id, x.dealer);
  } else {
    if (auto failure = f(caf::meta::type_name("posting"), x.id, x.dealer, x.lines,
                         x.idempotency_key, x.request_hash, x.ceiling, x.audit))
      return failure;
    return inspect_variant(f, x.what);
  }
}

} // namespace meisim

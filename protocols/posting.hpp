#pragma once

#include "protocols/error.hpp"
#include "protocols/id.hpp"
#include "protocols/instant.hpp"
#include "protocols/money.hpp"
#include "protocols/order.hpp"
#include "protocols/stripe.hpp"
#include "protocols/supply.hpp"
#include "protocols/verification.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace meisim {

/// What a line of a wallet is to its dealer (CONTRACT §4).
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

/// A change of money as the edge asks for it (DESIGN §4).
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

namespace detail {

template <class Inspector, size_t Index = 0>
typename Inspector::result_type load_effect(Inspector& f, uint8_t index, effect& x) {
  if constexpr (Index < std::variant_size_v<effect>) {
    if (index != Index)
      return load_effect<Inspector, Index + 1>(f, index, x);
    return f(x.emplace<Index>());
  } else {
    return caf::sec::invalid_argument;
  }
}

} // namespace detail

/// A posting as it travels: the effect's place in the variant, then the effect. For a log its
/// identity is enough.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, posting& x) {
  using result_type = typename Inspector::result_type;
  if constexpr (std::is_void_v<result_type>) {
    f(caf::meta::type_name("posting"), x.id, x.dealer);
  } else {
    auto index = static_cast<uint8_t>(x.what.index());
    if (auto failure = f(caf::meta::type_name("posting"), x.id, x.dealer, x.lines,
                         x.idempotency_key, x.request_hash, x.ceiling, index))
      return failure;
    if constexpr (Inspector::reads_state)
      return std::visit([&f](auto& what) -> result_type { return f(what); }, x.what);
    else
      return detail::load_effect(f, index, x.what);
  }
}

} // namespace meisim

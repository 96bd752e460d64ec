#pragma once

#include "protocols/base/cause.hpp"
#include "protocols/base/money.hpp"

#include <caf/atom.hpp>
#include <caf/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace meisim {

/// Why a request did not get what it asked for. Listed by descending precedence: where several
/// apply, the first wins.
///
/// The numbers are stored with postings and sent to other nodes. They never change, and say nothing
/// about precedence: a new code gets the next free one, wherever it stands in the list.
enum class ec : uint8_t {
  /// Nothing went wrong.
  none = 0,
  /// The credential is missing, unknown, revoked, expired or made for another audience.
  unauthorized = 1,
  /// The API key or the token was good until its time ran out.
  credential_expired = 16,
  /// The account is not approved, or lacks the right.
  forbidden = 2,
  /// A window of a rate limit is full.
  rate_limited = 3,
  /// A field is missing, unknown, of the wrong type or out of its bounds.
  invalid = 4,
  /// No such thing, or not the caller's.
  not_found = 5,
  /// The state of the thing does not allow this, or an idempotency key was used with another body.
  conflict = 6,
  /// The first request with this idempotency key is still under way.
  in_progress = 7,
  /// The total is above the caller's price guard.
  price_too_high = 8,
  /// The wallet holds less than what is asked for.
  insufficient_funds = 9,
  /// An order on account would be above the dealer's credit limit.
  credit_limit_reached = 17,
  /// The provider refused, or there is no stock.
  vendor_error = 10,
  /// It may have been done: whoever was asked has not answered, and cannot be asked again now.
  outcome_unknown = 15,
  /// Nothing was done and repeating is safe: a database or a provider is away, or too much is under
  /// way.
  unavailable = 11,
  /// A fault of ours.
  internal = 12,
  /// What a decision stood on has changed: decide again. Passes between actors only, never to a
  /// caller.
  moved = 13,
  /// The one that was asked does not own the entity, or cannot be reached: look for the owner
  /// again. Passes between actors only; a caller that has looked long enough is told
  /// `outcome_unknown`.
  not_owner = 14,
};

/// How many codes there are.
constexpr size_t ec_count = 18;

/// Whether the same request may succeed later, because a part of the system is only away for now.
constexpr bool may_pass(ec code) {
  return code == ec::unavailable || code == ec::outcome_unknown;
}

/// The name of a code, for logs and operators.
std::string_view to_string(ec code);

/// The category of our own codes within caf::error.
constexpr auto error_category = caf::atom("meisim");

/// An error of ours with a sentence for the caller.
caf::error make_error(ec code, std::string message = {});

/// An error of ours of this cause; `field` names the one that is at fault, if one is.
caf::error make_error(cause why, std::string message, std::string field = {});

/// A refusal for lack of funds, which also tells `balance` and `required`.
caf::error insufficient_funds(money balance, money required);

/// A refusal of an order on account. It also tells the limit, how much of it is used, and how much
/// this order would have taken.
caf::error credit_limit_reached(money limit, money used, money required);

/// The code of any error. Among CAF's own errors, a time-out and a receiver that has gone are
/// `outcome_unknown`, a receiver that could not be reached is `unavailable`, and all others are
/// `internal`.
ec code_of(const caf::error& error);

/// The cause of the error. For an error without one, the cause that its code mostly has.
cause cause_of(const caf::error& error);

/// The field that is at fault; empty if none is.
std::string field_of(const caf::error& error);

/// The error's sentence for the caller. If it has none, a sentence that fits its code.
std::string message_of(const caf::error& error);

/// The two amounts of an `insufficient_funds` error.
struct shortfall {
  money balance;
  money required;
};

/// Reads the amounts out of an `insufficient_funds` error.
shortfall shortfall_of(const caf::error& error);

/// The three amounts of a `credit_limit_reached` error.
struct credit_shortfall {
  money limit;
  money used;
  money required;
};

/// Reads the amounts out of a `credit_limit_reached` error.
credit_shortfall credit_shortfall_of(const caf::error& error);

/// Writes an error of ours for the log.
std::string render_error(uint8_t code, caf::atom_value category, const caf::message& context);

} // namespace meisim

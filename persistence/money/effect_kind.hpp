#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/money/commit.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <variant>
#include <vector>

namespace meisim {

// What a commit does for an effect, beside moving money. Each kind of effect is one file in
// effects/ that defines its table, and a line of the list in effects.cpp.

using postings_view = std::span<const std::shared_ptr<const decided_posting>>;

/// The row that an effect has made and a receipt needs; none if no receipt needs one.
struct effect_subject {
  uuid id;
  int64_t usage = 0;
};

/// What the ledger knows of a posting that was committed, as a repeat needs it.
struct committed_posting {
  posting_id id;
  effect_subject subject;
  /// Whether it has a transfer; what costs nothing has none.
  bool has_paid = false;
  /// The amount of its last transfer, as a positive number.
  money amount;
  money balance;
  /// None if zero.
  order_id order;
};

struct effect_kind {
  /// Its name in the ledger.
  std::string_view name;
  /// The account opposite the wallet, as the effect says.
  std::string_view account;
  /// Its place among the alternatives of `effect`.
  size_t place = 0;
  /// Whether an effect of this kind may cost nothing.
  bool may_be_free = false;
  /// Locks rows that the effects depend on and that others may change. Adds to `stale` the postings
  /// whose rows are gone or no longer in the required state. Null where effects depend on no such
  /// row.
  void (*lock)(database& db, postings_view postings,
               std::unordered_set<posting_id>& stale) = nullptr;
  /// Adds the rows that these effects make or change. Null for none.
  void (*add)(pipeline& into, postings_view postings) = nullptr;
  /// Adds changes of rows that other writers change too. They would wait until the commit, so these
  /// changes come last. Null for none.
  void (*add_contended)(pipeline& into, postings_view postings) = nullptr;
  /// Which row a repeat looks up. Null for none.
  effect_subject (*subject)(const effect& what) = nullptr;
  /// Reads from what was committed what the receipt told. Null if the receipt told the balance.
  receipt_values (*recall)(database& db, const committed_posting& posting) = nullptr;
};

/// Throws std::logic_error if the look-up of what a posting has made found nothing. No answer is
/// better than an invented one.
void require_subject(database& db, const committed_posting& posting);

/// Throws std::logic_error if the posting has no transfer although this is its price.
void require_paid(const committed_posting& posting, money price);

namespace detail {

template <class Effect, class... Effects>
constexpr size_t place_among(const std::variant<Effects...>*) {
  size_t place = 0;
  bool is_found = false;
  ((is_found = is_found || std::is_same_v<Effect, Effects>, place += is_found ? 0 : 1), ...);
  return place;
}

} // namespace detail

/// The place of `Effect` among the alternatives of `effect`.
template <class Effect>
constexpr size_t place_of = detail::place_among<Effect>(static_cast<const effect*>(nullptr));

/// Calls `visit(posting, effect)` for each posting that has such an effect.
template <class Effect, class Visit>
void for_each_effect(postings_view postings, Visit visit) {
  for (const auto& posting : postings)
    if (auto* what = std::get_if<Effect>(&posting->what.what))
      visit(*posting, *what);
}

} // namespace meisim

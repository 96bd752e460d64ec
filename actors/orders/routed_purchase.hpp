#pragma once

#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/orders/routes.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace meisim {

/// The actors that a purchase speaks to, and what it chooses by.
struct purchase_parties {
  job_store_actor store;
  providers_actor provider;
  route_sources routes;
};

/// A unit of an order that is being bought. If several providers sell it, they are asked in turn:
/// the next one only when the one before has certainly not sold it.
struct routed_purchase {
  order_id order;
  int32_t unit = 1;
  /// The number under which the order's job was taken.
  int32_t attempt = 0;
  route_question wanted;
  /// What is asked for now. Its `product` may be another than the wanted one.
  provider_order wish;
  /// Whether the database knows what is asked for.
  bool is_noted = false;
  /// What was asked for, and certainly not bought.
  std::set<std::string> asked = {};
  /// The best answer of those: that it may be sold later counts more than a refusal.
  std::optional<provider_outcome> so_far = {};
};

using purchase_pointer = std::shared_ptr<routed_purchase>;

/// What was bought, if that is not what was ordered; otherwise empty.
inline std::string bought_as(const routed_purchase& what) {
  return what.wish.product == what.wanted.product ? std::string{} : what.wish.product;
}

/// The outcome of the order so far, after one more provider has certainly not sold it.
inline provider_outcome sum_up(const routed_purchase& what, const provider_outcome& last) {
  bool may_come = last.verdict != provider_verdict::refused;
  return !may_come && what.so_far ? *what.so_far : last;
}

template <class Self, class GoOn, class Failed>
void ask_in_turn(Self self, const purchase_parties& by, purchase_pointer what, GoOn go_on,
                 Failed failed);

/// Notes what is asked for, or that it was certainly not bought, and calls `then()`.
template <class Self, class Then, class Failed>
void note_choice(Self self, const purchase_parties& by, const purchase_pointer& what, bool is_open,
                 Then then, Failed failed) {
  what->is_noted = is_open;
  note_route note{what->order, {what->unit, what->wish.product, is_open}, what->attempt};
  self->request(by.store, caf::infinite, std::move(note))
    .then([then](done) mutable { then(); }, failed);
}

/// Goes on to the next provider that sells it, or ends.
template <class Self, class GoOn, class Failed>
void ask_another(Self self, const purchase_parties& by, purchase_pointer what,
                 const provider_outcome& last, GoOn go_on, Failed failed) {
  what->asked.insert(what->wish.product);
  what->so_far = sum_up(*what, last);
  auto next = next_choice(by.routes.choose(what->wanted), what->asked);
  if (next.empty() && !what->is_noted)
    return go_on(*what->so_far);
  if (next.empty())
    return note_choice(
      self, by, what, false, [what, go_on]() mutable { go_on(*what->so_far); }, failed);
  what->wish.product = next;
  what->wish.may_be_placed = what->wish.placed_since != instant{};
  note_choice(
    self, by, what, true, [=] { ask_in_turn(self, by, what, go_on, failed); }, failed);
}

/// Asks for what the wish says, and notes that first if it is needed. If it certainly was not
/// bought, the next provider is asked; while that is not certain, no other is. Calls
/// `go_on(outcome)`, or `failed(error)` if the note could not be written.
template <class Self, class GoOn, class Failed>
void ask_in_turn(Self self, const purchase_parties& by, purchase_pointer what, GoOn go_on,
                 Failed failed) {
  self->request(by.provider, caf::infinite, what->wish)
    .then(
      [=](const provider_outcome& outcome) mutable {
        if (is_surely_not_bought(outcome.verdict))
          ask_another(self, by, what, outcome, go_on, failed);
        else
          go_on(outcome);
      },
      failed);
}

// -- orders of a restored database ----------------------------------------------------------------

/// Asks the providers that are left what became of it, one after the other.
template <class Self, class Then, class GoOn, class Failed>
void look_up_in_turn(Self self, const purchase_parties& by, purchase_pointer what,
                     std::set<std::string> left, Then then, GoOn go_on, Failed failed) {
  if (left.empty())
    return then();
  auto wish = what->wish;
  wish.product = std::move(left.extract(left.begin()).value());
  wish.may_be_placed = true;
  wish.only_look_up = true;
  auto product = wish.product;
  self->request(by.provider, caf::infinite, std::move(wish))
    .then(
      [=](const provider_outcome& outcome) mutable {
        if (outcome.verdict == provider_verdict::absent
            || outcome.verdict == provider_verdict::refused)
          return look_up_in_turn(self, by, what, std::move(left), then, go_on, failed);
        what->wish.product = product;
        go_on(outcome);
      },
      failed);
}

/// A restored database does not know which provider was asked in the time that it has lost, even if
/// a route is noted. So each provider that sells the product is first asked what became of the
/// order, even one that would not be chosen now. `asked` is who was asked as far as the database
/// knows; empty for nobody. Calls `then()` if nobody has sold it, and `go_on(outcome)` if one has,
/// or cannot tell.
template <class Self, class Then, class GoOn, class Failed>
void look_back(Self self, const purchase_parties& by, purchase_pointer what,
               const std::string& asked, Then then, GoOn go_on, Failed failed) {
  if (what->wish.placed_since == instant{})
    return then();
  auto all = by.routes.all_for(what->wanted.product);
  if (!all)
    return go_on(unknown("it is not known yet who else sells it", 1));
  if (!asked.empty())
    all->insert(asked);
  // If only one provider sells it, the order itself is looked up before it is placed.
  if (all->size() < 2)
    return then();
  look_up_in_turn(self, by, what, std::move(*all), then, go_on, failed);
}

// -- all of it ------------------------------------------------------------------------------------

/// Chooses which provider to ask, unless one was asked before and nobody knows what became of that.
template <class Self, class GoOn, class Failed>
void choose_and_ask(Self self, const purchase_parties& by, purchase_pointer what,
                    const std::optional<order_route>& known, GoOn go_on, Failed failed) {
  bool may_be_bought = known ? known->is_open : what->attempt > 1;
  if (may_be_bought) {
    what->is_noted = known.has_value();
    what->wish.may_be_placed = true;
    if (known)
      what->wish.product = known->product;
    return ask_in_turn(self, by, what, go_on, failed);
  }
  auto choices = by.routes.choose(what->wanted);
  what->wish.product = first_choice(choices, what->wanted.product);
  // If there is no choice, the order itself says what is asked for.
  if (choices.size() < 2 && !known)
    return ask_in_turn(self, by, what, go_on, failed);
  note_choice(
    self, by, what, true, [=] { ask_in_turn(self, by, what, go_on, failed); }, failed);
}

/// Buys a unit, beginning with what is known of it.
template <class Self, class GoOn, class Failed>
void buy_by_route(Self self, const purchase_parties& by, purchase_pointer what,
                  const std::optional<order_route>& known, GoOn go_on, Failed failed) {
  auto begin = [=] { choose_and_ask(self, by, what, known, go_on, failed); };
  look_back(self, by, what, known ? known->product : std::string{}, begin, go_on, failed);
}

} // namespace meisim

#include "actors/operators/operators.hpp"

#include "actors/base/answer_with.hpp"
#include "actors/operators/operator_work.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/credit.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/operators/desk.hpp"
#include "persistence/operators/operators.hpp"
#include "persistence/supply/quarantine.hpp"
#include "protocols/cluster/remote.hpp"

#include <chrono>
#include <tuple>

namespace meisim {

namespace {

/// This is fewer than dealers have: operators are few, and whoever guesses is slowed down.
constexpr int most_hashing = 8;

/// How long other actors may take to hear of a change before the caller is told that it may be
/// late.
constexpr std::chrono::seconds patience{5};

/// Answers once those who remember what was changed have been told. A failure to tell them undoes
/// nothing.
template <class Handle, class... Message>
caf::result<desk_answer> after_telling(operators_pointer self, desk_answer answer,
                                       const Handle& whom, Message... message) {
  auto promise = self->make_response_promise<desk_answer>();
  self->request(whom, patience, message...)
    .then([promise, answer](done) mutable { promise.deliver(std::move(answer)); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

audit_event event_of(const desk_change& wish, const desk_outcome& outcome) {
  auto known = [](const std::string& json) { return json == "null" ? std::string{} : json; };
  return {wish.by_whom, outcome.subject, outcome.dealer, known(outcome.before),
          known(outcome.after)};
}

/// Whether the price cache remembers it.
bool is_of_prices(desk_action what) {
  return what == desk_action::add_sku || what == desk_action::add_route
         || what == desk_action::remove_route || what == desk_action::pin_route;
}

/// The error of an action that has found nothing to act on.
caf::error nothing_to(desk_action what) {
  switch (what) {
  case desk_action::add_token:
    return make_error(ec::conflict, "name is a token's that has not ended: disable that one first");
  case desk_action::change_dealer:
    return make_error(ec::not_found, no_such_dealer);
  case desk_action::disable_token:
    return make_error(ec::conflict, "there is no such token that is good; automation is not "
                                    "disabled before an operator has the role admin");
  case desk_action::enable_token:
    return make_error(ec::not_found, "there is no such token that is disabled");
  case desk_action::replay_webhook:
    return make_error(ec::not_found, "there is no such delivery, or its webhook is disabled");
  default:
    return make_error(ec::not_found, "there is nothing to do this to");
  }
}

/// The error of an action that is not possible now.
caf::error conflict_of(desk_action what) {
  bool is_way_in = what == desk_action::disable_operator || what == desk_action::set_operator_role;
  return make_error(ec::conflict, is_way_in
                                    ? "this is the last way in, as automation is disabled: enable "
                                      "that, or give somebody else the role admin before"
                                    : "another one has this name already");
}

caf::result<desk_answer> change(operators_pointer self, const desk_change& wish) {
  auto& db = *self->state.db;
  auto changed = guarded(db, "changing something for an operator", [&] {
    transaction tx{db};
    auto outcome = do_at_desk(db, wish);
    if (outcome)
      write_audit_event(db, event_of(wish, *outcome));
    if (outcome && wish.what == desk_action::release_all)
      serve_all_waiting(db);
    tx.commit();
    return outcome;
  });
  if (!changed && code_of(changed.error()) == ec::conflict)
    return conflict_of(wish.what);
  if (!changed)
    return std::move(changed.error());
  if (!*changed)
    return nothing_to(wish.what);
  auto& outcome = **changed;
  desk_answer answer{std::move(outcome.after)};
  if (is_of_prices(wish.what))
    return after_telling(self, std::move(answer), self->state.prices, refresh_atom_v);
  if (wish.what == desk_action::change_dealer)
    return after_telling(self, std::move(answer), self->state.region, changed_atom_v,
                         outcome.dealer, lookup{});
  return answer;
}

/// The stock is counted again soon, so a failure loses nothing.
void look_at_stock(operators_pointer self, const note_stock& what) {
  auto& db = *self->state.db;
  std::ignore = done_with(db, "looking at the stock", [&] { note_pool_stock(db, what); });
}

caf::result<credit_settled> settle_account(operators_pointer self, const settle_credit& wish) {
  auto& db = *self->state.db;
  auto dealer = guarded(db, "finding a dealer", [&] { return dealer_with_email(db, wish.email); });
  if (!dealer)
    return std::move(dealer.error());
  if (!*dealer)
    return make_error(ec::not_found, no_such_dealer);
  auto settled = guarded(db, "booking a payment", [&] { return settle(db, **dealer, wish); });
  if (!settled)
    return std::move(settled.error());
  if (!*settled)
    return make_error(cause::idempotency_key_reused,
                      "this Idempotency-Key was used with another request before");
  return **settled;
}

} // namespace

operators_actor::behavior_type operators(operators_pointer self, std::string connection,
                                         region_actor region, password_hasher_actor passwords,
                                         price_cache_actor prices,
                                         std::vector<operator_role> second_factor_roles) {
  self->state.db = std::make_unique<database>(std::move(connection), "operators");
  self->state.region = std::move(region);
  self->state.passwords = {std::move(passwords), most_hashing};
  self->state.prices = std::move(prices);
  self->state.second_factor_roles = std::move(second_factor_roles);
  return {
    [self](const operator_login& wish) { return sign_operator_in(self, wish); },
    [self](const end_operator_session& wish) { return sign_operator_out(self, wish); },
    [self](const change_own_password& wish) { return change_password(self, wish); },
    [self](const add_operator& wish) { return add(self, wish); },
    [self](const set_operator_password& wish) { return set_password_of(self, wish); },
    [self](const set_operator_totp& wish) { return set_totp(self, wish); },
    [self](const settle_credit& wish) { return settle_account(self, wish); },
    [self](const desk_change& wish) { return change(self, wish); },
    [self](const note_stock& what) { look_at_stock(self, what); },
  };
}

} // namespace meisim

#include "actors/orders/credit_orders.hpp"

#include "actors/orders/delivery.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"

#include <optional>
#include <utility>

namespace meisim {

namespace {

using credit_orders_pointer = credit_orders_actor::stateful_pointer<credit_orders_state>;
using outcome_promise = caf::typed_response_promise<account_outcome>;
using outcome_state = account_outcome::state;

order_to_fulfil order_of(const account_order& what, const account_placement& placed) {
  order_to_fulfil order;
  order.id = what.id;
  order.short_id = placed.short_id;
  order.dealer = what.dealer;
  order.product = what.product;
  order.product_name = what.product_name;
  order.buyer.email = what.email;
  order.unit_price = what.price;
  order.is_on_account = true;
  order.mails_customer = what.mails_customer;
  order.top_up = what.top_up;
  order.trace_parent = what.origin.trace_parent;
  return order;
}

/// What has become of an order that was placed by an earlier request, or at another node.
account_outcome replay(const account_placement& known) {
  account_outcome outcome;
  outcome.is_replayed = true;
  outcome.terms = known.terms;
  if (known.status == "failed") {
    outcome.now = outcome_state::refused;
    outcome.reason = known.failure;
  } else if (known.status == "pending") {
    outcome.reason = "the order is being asked after";
  } else {
    outcome.now = outcome_state::completed;
    outcome.iccid = known.iccid;
    outcome.lpa = known.lpa;
    outcome.provider_reference = known.provider_reference;
  }
  return outcome;
}

/// Answers the one who placed the order, and all who have asked for the same since.
void answer_all(credit_orders_pointer self, order_id id, account_outcome outcome) {
  auto found = self->state.open.find(id);
  auto order = std::move(found->second);
  self->state.open.erase(found);
  outcome.terms = std::move(order.terms);
  for (auto& answer : order.waiting) {
    answer.deliver(outcome);
    outcome.is_replayed = true;
  }
}

void leave_pending(credit_orders_pointer self, order_id id, std::string reason) {
  answer_all(self, id, {outcome_state::pending, {}, {}, std::move(reason), false});
}

/// Notes how the order ended, and answers once that is written.
template <class End>
void conclude(credit_orders_pointer self, order_id id, End end, const account_outcome& outcome,
              const std::optional<esim>& bought = {}) {
  self->request(self->state.parties.store, caf::infinite, std::move(end))
    .then([self, id, outcome](done) { answer_all(self, id, outcome); },
          // The job is still there, or FULFILMENT has it and finds out once more.
          [self, id, bought](const caf::error& failure) {
            if (bought)
              tell_of_loss(id, *bought, failure);
            leave_pending(self, id, "the order is being noted");
          });
}

finish_account_order finish_of(const order_to_fulfil& order, const esim& bought,
                               std::string bought_as) {
  auto unit = delivery_of(order.id, 1, bought, std::move(bought_as));
  return {unit, activation_mail_for(order, unit), 0};
}

void take_outcome(credit_orders_pointer self, const order_to_fulfil& order,
                  const provider_outcome& outcome, std::string bought_as) {
  const auto& bought = outcome.bought;
  switch (outcome.verdict) {
  case provider_verdict::placed:
    if (order.top_up)
      return conclude(
        self, order.id, finish_recharge{order.id, bought.provider_order_id, bought.cost, 0},
        {outcome_state::completed, {}, {}, {}, false, bought.provider_order_id}, bought);
    return conclude(self, order.id, finish_of(order, bought, std::move(bought_as)),
                    {outcome_state::completed, bought.iccid, bought.lpa, {}, false}, bought);
  case provider_verdict::refused:
    return conclude(self, order.id, fail_account_order{order.id, outcome.reason},
                    {outcome_state::refused, {}, {}, outcome.reason, false});
  case provider_verdict::unavailable:
  case provider_verdict::contested:
  case provider_verdict::absent:
    // It is certain that nothing was bought, and the caller is told to try again. So the order
    // ends, and nobody buys it later.
    return conclude(self, order.id, fail_account_order{order.id, outcome.reason, true},
                    {outcome_state::unavailable, {}, {}, outcome.reason, false});
  case provider_verdict::ours:
    // Only the operator is told that the provider has trouble with our account.
    return conclude(self, order.id, fail_account_order{order.id, outcome.reason, true},
                    {outcome_state::unavailable, {}, {}, "it takes no orders now", false});
  case provider_verdict::unknown:
    leave_pending(self, order.id, outcome.reason);
  }
}

/// The product that is asked for first was noted when the order was placed.
void buy(credit_orders_pointer self, const order_to_fulfil& order, const std::string& route,
         instant placed_since) {
  auto purchase = std::make_shared<routed_purchase>(routed_purchase{
    order.id, 1, 0, {order.product, order.dealer, order.unit_price}, account_wish(order)});
  purchase->is_noted = !route.empty();
  if (!route.empty())
    purchase->wish.product = route;
  purchase->wish.placed_since = placed_since;
  purchase->wish.may_be_placed = placed_since != instant{};
  auto go_on = [self, order, purchase](const provider_outcome& outcome) {
    take_outcome(self, order, outcome, bought_as(*purchase));
  };
  auto failed = [self, id = order.id](const caf::error& failure) {
    leave_pending(self, id, message_of(failure));
  };
  // Only the provider of an eSIM can put data onto it, so no other provider is asked.
  if (order.top_up)
    self->request(self->state.parties.provider, caf::infinite, purchase->wish).then(go_on, failed);
  else
    look_back(
      self, self->state.parties, purchase, route,
      [=] { ask_in_turn(self, self->state.parties, purchase, go_on, failed); }, go_on, failed);
}

/// The product that is to be asked for first, if there is a choice; otherwise empty.
std::string route_for(const credit_orders_state& state, const account_order& what) {
  if (what.top_up)
    return {};
  auto choices = state.parties.routes.choose({what.product, what.dealer, what.price});
  return choices.size() < 2 ? std::string{} : first_choice(choices, what.product);
}

/// Gives a repetition the answer that the first request gets, or has got.
void join(credit_orders_pointer self, const find_account_order& asked,
          const account_placement& known, outcome_promise answer) {
  auto first = self->state.open.find(asked.id);
  if (known.request_hash != asked.request_hash)
    answer.deliver(make_error(cause::idempotency_key_reused,
                              "this Idempotency-Key was used with another request before"));
  else if (first != self->state.open.end())
    first->second.waiting.push_back(std::move(answer));
  else
    answer.deliver(replay(known));
}

void take_placement(credit_orders_pointer self, const account_order& what,
                    const account_placement& known, outcome_promise answer) {
  if (known.is_held) {
    answer.deliver(make_error(ec::unavailable, "orders of this provider are held for now; nothing "
                                               "was done"));
    return;
  }
  if (const auto& credit = known.exhausted) {
    answer.deliver(credit_limit_reached(credit->limit.value_or(money{}), credit->used, what.price));
    return;
  }
  if (!known.is_new)
    return join(self, {what.id, what.request_hash}, known, std::move(answer));
  self->state.open[what.id] = {known.terms, {std::move(answer)}};
  buy(self, order_of(what, known), what.route, known.placed_since);
}

} // namespace

credit_orders_actor::behavior_type credit_orders(credit_orders_pointer self, job_store_actor store,
                                                 providers_actor provider, route_sources routes) {
  self->state.parties = {std::move(store), std::move(provider), std::move(routes)};
  return {
    [self](const account_order& asked) -> caf::result<account_outcome> {
      auto answer = self->make_response_promise<account_outcome>();
      auto what = asked;
      what.route = route_for(self->state, what);
      self->request(self->state.parties.store, caf::infinite, what)
        .then([self, what, answer](
                const account_placement& known) { take_placement(self, what, known, answer); },
              [answer](const caf::error& failure) mutable { answer.deliver(failure); });
      return answer;
    },
    [self](const find_account_order& asked) -> caf::result<account_outcome> {
      auto answer = self->make_response_promise<account_outcome>();
      self->request(self->state.parties.store, caf::infinite, asked)
        .then([self, asked,
               answer](const account_placement& known) { join(self, asked, known, answer); },
              [answer](const caf::error& failure) mutable { answer.deliver(failure); });
      return answer;
    },
  };
}

} // namespace meisim

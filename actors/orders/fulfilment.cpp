#include "actors/orders/fulfilment.hpp"

#include "actors/money/ask_wallet.hpp"
#include "actors/orders/delivery.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace meisim {

namespace {

/// Seconds between two tries of an order that its provider neither sells nor refuses, at most.
constexpr int32_t longest_provider_pause = 300;

using fulfilment_pointer = job_worker_actor::stateful_pointer<fulfilment_state>;

/// An order in hand: its units are gone through one after the other.
struct errand {
  job work;
  order_to_fulfil order;
  int32_t unit = 0;
  int32_t refused_units = 0;
  std::string refusal;
};

using errand_pointer = std::shared_ptr<errand>;

void next_unit(fulfilment_pointer self, const errand_pointer& errand);

// -- the provider ---------------------------------------------------------------------------------

void take_delivery(fulfilment_pointer self, const errand_pointer& errand, const esim& bought,
                   std::string bought_as) {
  auto unit = delivery_of(errand->order.id, errand->unit, bought, std::move(bought_as));
  note_delivery note{unit, activation_mail_for(errand->order, unit), errand->work.attempts};
  self->request(self->state.loop.store, caf::infinite, std::move(note))
    .then([self, errand](done) { next_unit(self, errand); },
          [self, errand, bought](const caf::error& failure) {
            tell_of_loss(errand->order.id, bought, failure);
            postpone_on_error(self, errand->work)(failure);
          });
}

/// The pauses grow with the tries, and no provider's wish makes one longer than the longest.
void ask_again_later(fulfilment_pointer self, const errand& errand,
                     const provider_outcome& outcome) {
  auto least = retry_pause(errand.work.attempts, longest_provider_pause);
  postpone(self, errand.work,
           std::clamp(outcome.retry_after_seconds, least, longest_provider_pause), outcome.reason);
}

void take_outcome(fulfilment_pointer self, const errand_pointer& errand,
                  const provider_outcome& outcome, std::string bought_as) {
  switch (outcome.verdict) {
  case provider_verdict::placed:
    return take_delivery(self, errand, outcome.bought, std::move(bought_as));
  case provider_verdict::refused:
    ++errand->refused_units;
    errand->refusal = outcome.reason;
    return next_unit(self, errand);
  case provider_verdict::unknown:
  case provider_verdict::unavailable:
  case provider_verdict::ours:
  case provider_verdict::contested:
  case provider_verdict::absent:
    return ask_again_later(self, *errand, outcome);
  }
}

purchase_pointer purchase_for(const errand& errand, int32_t unit, provider_order wish) {
  const auto& order = errand.order;
  wish.placed_since = order.placed_since;
  wish.may_be_placed = order.placed_since != instant{};
  wish.trace_parent = order.trace_parent;
  wish.price = order.unit_price;
  return std::make_shared<routed_purchase>(
    routed_purchase{order.id,
                    unit,
                    errand.work.attempts,
                    {order.product, order.dealer, order.unit_price},
                    std::move(wish)});
}

void buy_unit(fulfilment_pointer self, const errand_pointer& errand) {
  const auto& order = errand->order;
  auto purchase =
    purchase_for(*errand, errand->unit,
                 {provider_reference(order.id, errand->unit), order.product, order.buyer});
  auto go_on = [self, errand, purchase](const provider_outcome& outcome) {
    take_outcome(self, errand, outcome, bought_as(*purchase));
  };
  buy_by_route(self, self->state.parties, purchase, route_of(order, errand->unit), go_on,
               postpone_on_error(self, errand->work));
}

// -- the end of an order --------------------------------------------------------------------------

void refund(fulfilment_pointer self, const errand_pointer& errand) {
  ask_wallet(
    self, self->state.region,
    refund_posting(errand->order, errand->refused_units, errand->refusal, errand->work.attempts),
    [self, errand](const receipt&) { put_down(self, errand->work); },
    postpone_on_error(self, errand->work));
}

void complete(fulfilment_pointer self, const errand_pointer& errand) {
  self
    ->request(self->state.loop.store, caf::infinite,
              complete_order{errand->order.id, errand->work.attempts})
    .then([self, errand](done) { put_down(self, errand->work); },
          postpone_on_error(self, errand->work));
}

bool is_delivered(const order_to_fulfil& order, int32_t unit) {
  return std::ranges::find(order.delivered, unit, &delivered_esim::unit) != order.delivered.end();
}

void next_unit(fulfilment_pointer self, const errand_pointer& errand) {
  do
    ++errand->unit;
  while (is_delivered(errand->order, errand->unit));
  if (errand->unit <= errand->order.quantity)
    buy_unit(self, errand);
  else if (errand->refused_units > 0)
    refund(self, errand);
  else
    complete(self, errand);
}

// -- orders on account that were left pending -----------------------------------------------------

/// The product that a provider was asked for, or may have been.
std::string asked_for(const order_to_fulfil& order) {
  auto route = route_of(order, 1);
  return route && route->is_open ? route->product : order.product;
}

void settle(fulfilment_pointer self, const errand_pointer& errand, const provider_outcome& outcome,
            std::string bought_as) {
  const auto& order = errand->order;
  auto attempt = errand->work.attempts;
  auto end = [self, errand, outcome](auto message) {
    self->request(self->state.loop.store, caf::infinite, std::move(message))
      .then([self, errand](done) { put_down(self, errand->work); },
            [self, errand, outcome](const caf::error& failure) {
              if (outcome.verdict == provider_verdict::placed)
                tell_of_loss(errand->order.id, outcome.bought, failure);
              postpone_on_error(self, errand->work)(failure);
            });
  };
  if (outcome.verdict == provider_verdict::refused)
    return end(fail_account_order{order.id, outcome.reason, false, attempt});
  if (outcome.verdict != provider_verdict::placed)
    return ask_again_later(self, *errand, outcome);
  const auto& bought = outcome.bought;
  if (order.top_up)
    return end(finish_recharge{order.id, bought.provider_order_id, bought.cost, attempt});
  auto unit = delivery_of(order.id, 1, bought, std::move(bought_as));
  end(finish_account_order{unit, activation_mail_for(order, unit), attempt});
}

/// No caller waits for the outcome any more, but the provider may have bought it. So this provider,
/// and no other, is asked about it before anything is sent again.
void ask_after(fulfilment_pointer self, const errand_pointer& errand) {
  auto purchase = purchase_for(*errand, 1, account_wish(errand->order));
  auto asked = asked_for(errand->order);
  purchase->wish.product = asked;
  purchase->wish.may_be_placed = true;
  auto go_on = [self, errand, purchase](const provider_outcome& outcome) {
    settle(self, errand, outcome, bought_as(*purchase));
  };
  auto failed = postpone_on_error(self, errand->work);
  auto ask = [=] {
    self->request(self->state.parties.provider, caf::infinite, purchase->wish).then(go_on, failed);
  };
  look_back(self, self->state.parties, purchase, asked, ask, go_on, failed);
}

void start(fulfilment_pointer self, const job& work) {
  self->request(self->state.loop.store, caf::infinite, load_order{order_id{work.subject}})
    .then(
      [self, work](const order_to_fulfil& order) {
        auto begun = std::make_shared<errand>(errand{work, order, 0, 0, {}});
        // An order that has ended meanwhile must not be bought any more.
        if (order.status == "pending")
          ask_after(self, begun);
        else if (order.status == "processing")
          next_unit(self, begun);
        else
          put_down(self, work);
      },
      postpone_on_error(self, work));
}

} // namespace

posting refund_posting(const order_to_fulfil& order, int32_t units, const std::string& reason,
                       int32_t attempt) {
  posting result;
  result.id = refund_of(order.id);
  result.dealer = order.dealer;
  result.lines.push_back(
    {entry_type::refund, order.unit_price * units,
     fmt::format("Refund of {} × {}, {}: {}", units, order.product, order.short_id, reason),
     order.id});
  result.what = order_refunded{order.id, units, units == order.quantity, reason, attempt};
  return result;
}

job_worker_actor::behavior_type fulfilment(fulfilment_pointer self, job_loop_config config,
                                           job_store_actor store, providers_actor provider,
                                           region_actor region, route_sources routes) {
  self->state.parties = {store, std::move(provider), std::move(routes)};
  self->state.region = std::move(region);
  return job_behavior(self, std::move(config), std::move(store), start);
}

} // namespace meisim

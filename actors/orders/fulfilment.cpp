#include "actors/orders/fulfilment.hpp"

#include "actors/money/ask_wallet.hpp"
#include "actors/notify/mail_templates.hpp"
#include "actors/orders/credit_orders.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <memory>
#include <utility>

namespace meisim {

namespace {

/// Seconds between two tries of an order that its provider neither sells nor refuses.
constexpr int32_t longest_provider_pause = 300;

using fulfilment_pointer = job_worker_actor::stateful_pointer<fulfilment_state>;

/// An order in hand: its units are gone through one after the other.
struct errand {
  job work;
  order_to_fulfil order;
  int32_t unit = 0;
  int32_t refused_units = 0;
  std::string refusal;
  std::chrono::steady_clock::time_point leased_at;
};

using errand_pointer = std::shared_ptr<errand>;

void next_unit(fulfilment_pointer self, const errand_pointer& errand);

// -- mail -----------------------------------------------------------------------------------------

caf::expected<mail_message> activation_mail_for(const order_to_fulfil& order,
                                                const delivered_esim& unit) {
  activation_mail values;
  values.customer_name = order.buyer.name;
  values.product = order.product_name;
  values.order = short_id(order.id);
  values.esims.push_back({unit.iccid, unit.lpa});
  auto mail = compose(values, order.buyer.language);
  if (mail) {
    mail->id = mail_id{derive_uuid(order.id.value, fmt::format("activation mail {}", unit.unit))};
    mail->to = order.buyer.email;
  }
  return mail;
}

void note_mailed(fulfilment_pointer self, const errand_pointer& errand) {
  // The end of the order says so of its last unit.
  if (errand->unit == errand->order.quantity && errand->refused_units == 0)
    return next_unit(self, errand);
  self->request(self->state.loop.store, caf::infinite, esim_mailed{errand->order.id, errand->unit})
    .then([self, errand](done) { next_unit(self, errand); }, postpone_on_error(self, errand->work));
}

void mail_unit(fulfilment_pointer self, const errand_pointer& errand, const delivered_esim& unit) {
  auto mail = activation_mail_for(errand->order, unit);
  if (!mail)
    return postpone_on_error(self, errand->work)(mail.error());
  self->request(self->state.mailer, caf::infinite, std::move(*mail))
    .then([self, errand](done) { note_mailed(self, errand); },
          [self, errand](const caf::error& failure) {
            if (code_of(failure) != ec::vendor_error)
              return postpone_on_error(self, errand->work)(failure);
            // No repeat will help; the eSIM is the dealer's all the same, who can send it to
            // another address.
            log_error("order {}: the customer's mail was refused: {}", to_string(errand->order.id),
                      message_of(failure));
            note_mailed(self, errand);
          });
}

// -- the provider ---------------------------------------------------------------------------------

void take_delivery(fulfilment_pointer self, const errand_pointer& errand, const esim& bought) {
  delivered_esim unit{errand->order.id, errand->unit, bought.iccid, bought.lpa, false};
  self->request(self->state.loop.store, caf::infinite, unit)
    .then([self, errand, unit](done) { mail_unit(self, errand, unit); },
          postpone_on_error(self, errand->work));
}

/// The pauses grow with the tries, whatever the provider wishes.
void ask_again_later(fulfilment_pointer self, const errand& errand,
                     const provider_outcome& outcome) {
  postpone(self, errand.work,
           std::max(retry_pause(errand.work.attempts, longest_provider_pause),
                    outcome.retry_after_seconds),
           outcome.reason);
}

void take_outcome(fulfilment_pointer self, const errand_pointer& errand,
                  const provider_outcome& outcome) {
  switch (outcome.verdict) {
  case provider_verdict::placed:
    return take_delivery(self, errand, outcome.bought);
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

void buy_unit(fulfilment_pointer self, const errand_pointer& errand) {
  provider_order order{provider_reference(errand->order.id, errand->unit), errand->order.product,
                       errand->order.buyer};
  // An earlier try may have bought it and never heard so.
  order.may_be_placed = errand->work.attempts > 1;
  self->request(self->state.provider, caf::infinite, std::move(order))
    .then([self, errand](const provider_outcome& outcome) { take_outcome(self, errand, outcome); },
          postpone_on_error(self, errand->work));
}

// -- the end of an order --------------------------------------------------------------------------

void refund(fulfilment_pointer self, const errand_pointer& errand) {
  ask_wallet(
    self, self->state.region, refund_posting(errand->order, errand->refused_units, errand->refusal),
    [self](const receipt&) { put_down(self); },
    [self, errand](const caf::error& failure) {
      // The order has already ended, so the refund is not owed any more.
      if (code_of(failure) == ec::moved)
        return put_down(self);
      postpone_on_error(self, errand->work)(failure);
    });
}

void complete(fulfilment_pointer self, const errand_pointer& errand) {
  self->request(self->state.loop.store, caf::infinite, complete_order{errand->order.id})
    .then([self](done) { put_down(self); }, postpone_on_error(self, errand->work));
}

/// A lease is renewed before half of it is gone: most orders never need it.
void keep_lease(fulfilment_pointer self, errand& errand) {
  if (self->clock().now() - errand.leased_at < self->state.loop.config.lease / 2)
    return;
  renew_lease(self, errand.work);
  errand.leased_at = self->clock().now();
}

void next_unit(fulfilment_pointer self, const errand_pointer& errand) {
  keep_lease(self, *errand);
  if (++errand->unit > errand->order.quantity)
    return errand->refused_units > 0 ? refund(self, errand) : complete(self, errand);
  for (const auto& unit : errand->order.delivered)
    if (unit.unit == errand->unit)
      return unit.mailed ? next_unit(self, errand) : mail_unit(self, errand, unit);
  buy_unit(self, errand);
}

// -- orders on account that were left pending -----------------------------------------------------

/// Nobody waits for the outcome any more, but the eSIM may have been bought, the SIM topped up: the
/// provider is asked that before anything is sent again.
void settle_on_account(fulfilment_pointer self, const errand_pointer& errand) {
  auto put_down_with = [self, errand](auto end) {
    self->request(self->state.loop.store, caf::infinite, std::move(end))
      .then([self](done) { put_down(self); }, postpone_on_error(self, errand->work));
  };
  auto question = account_wish(errand->order);
  question.may_be_placed = true;
  self->request(self->state.provider, caf::infinite, std::move(question))
    .then(
      [self, errand, put_down_with](const provider_outcome& outcome) {
        const auto& order = errand->order;
        if (outcome.verdict == provider_verdict::placed && order.top_up)
          return put_down_with(finish_recharge{order.id, outcome.bought.provider_order_id});
        if (outcome.verdict == provider_verdict::placed)
          return put_down_with(finish_of(order, outcome.bought));
        if (outcome.verdict == provider_verdict::refused)
          return put_down_with(fail_account_order{errand->order.id, outcome.reason});
        ask_again_later(self, *errand, outcome);
      },
      postpone_on_error(self, errand->work));
}

void start(fulfilment_pointer self, const job& work) {
  self->request(self->state.loop.store, caf::infinite, load_order{order_id{work.subject}})
    .then(
      [self, work](const order_to_fulfil& order) {
        auto begun = std::make_shared<errand>();
        begun->work = work;
        begun->leased_at = self->clock().now();
        begun->order = order;
        // One on account that has ended meanwhile must not be bought any more.
        if (order.is_on_account && order.status != "pending")
          return put_down(self);
        if (order.is_on_account)
          return settle_on_account(self, begun);
        // An order that has ended has no more work to it but to say so.
        if (order.status != "processing")
          return complete(self, begun);
        next_unit(self, begun);
      },
      postpone_on_error(self, work));
}

} // namespace

std::string provider_reference(order_id order, int32_t unit) {
  return fmt::format("{}-{}", to_string(order), unit);
}

posting refund_posting(const order_to_fulfil& order, int32_t units, const std::string& reason) {
  posting result;
  result.id = posting_id{derive_uuid(order.id.value, "refund")};
  result.dealer = order.dealer;
  result.lines.push_back(
    {entry_type::refund, order.unit_price * units,
     fmt::format("Refund of {} × {}, {}: {}", units, order.product, short_id(order.id), reason),
     order.id});
  result.what = order_refunded{order.id, units, units == order.quantity, reason};
  return result;
}

job_worker_actor::behavior_type fulfilment(fulfilment_pointer self, job_loop_config config,
                                           job_store_actor store, providers_actor provider,
                                           mailer_actor mailer, region_actor region) {
  self->state.provider = std::move(provider);
  self->state.mailer = std::move(mailer);
  self->state.region = std::move(region);
  return job_behavior(self, std::move(config), std::move(store), start);
}

} // namespace meisim

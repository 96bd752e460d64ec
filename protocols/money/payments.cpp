#include "protocols/money/payments.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

std::string shown_reference(const stripe_payment& payment, const stripe_event& event) {
  if (!payment.reference.empty())
    return payment.reference;
  return event.session.empty() ? event.intent : event.session;
}

/// The same cause always makes the same posting: the ledger takes it once.
posting posting_for(const stripe_payment& payment, std::string_view cause) {
  posting result;
  result.id = posting_id{derive_uuid(payment.id.value, fmt::format("stripe {}", cause))};
  result.dealer = payment.dealer;
  return result;
}

posting credit(const stripe_payment& payment, const stripe_event& event) {
  auto result = posting_for(payment, "paid");
  result.lines.push_back({entry_type::topup, payment.net, "Top-up by card", {}});
  result.what = stripe_credited{payment.id, shown_reference(payment, event), event.intent};
  return result;
}

/// The movement with what an event tells added.
stripe_movement told(const stripe_payment& payment, const stripe_movement& news) {
  auto known = std::ranges::find(payment.movements, news.id, &stripe_movement::id);
  if (known == payment.movements.end())
    return news;
  auto result = *known;
  // Both only ever go one way, so that an old event changes nothing.
  result.is_undone = known->is_undone || news.is_undone;
  if (result.kind == movement_kind::refund_sum)
    result.amount = std::max(known->amount, news.amount);
  return result;
}

stripe_payment with(stripe_payment payment, const stripe_movement& movement) {
  auto known = std::ranges::find(payment.movements, movement.id, &stripe_movement::id);
  if (known == payment.movements.end())
    payment.movements.push_back(movement);
  else
    *known = movement;
  return payment;
}

bool is_known(const stripe_payment& payment, const stripe_movement& movement) {
  return std::ranges::find(payment.movements, movement) != payment.movements.end();
}

/// The state that the movement has come to; each state makes one posting.
std::string cause_of(const stripe_movement& movement) {
  if (movement.kind == movement_kind::refund_sum)
    return fmt::format("{} {}", movement.id, movement.amount.cents());
  return fmt::format("{} {}", movement.id, movement.is_undone ? "undone" : "done");
}

std::string_view description_of(const stripe_movement& movement, bool is_taken) {
  if (movement.kind == movement_kind::dispute)
    return is_taken ? "Card payment disputed" : "Card payment reinstated";
  return is_taken ? "Card payment refunded" : "Card payment refund failed";
}

ledger_line line_of(money taken, std::string_view description) {
  auto type = taken.is_negative() ? entry_type::credit : entry_type::debit;
  return {type, -taken, std::string{description}, {}};
}

payment_step step_of(const stripe_payment& payment, const stripe_movement& movement) {
  auto after = with(payment, movement);
  auto taken = after.reversed() - payment.reversed();
  auto fee = after.fees() - payment.fees();
  auto result = posting_for(payment, cause_of(movement));
  if (taken != money{})
    result.lines.push_back(line_of(taken, description_of(movement, !taken.is_negative())));
  if (fee != money{})
    result.lines.push_back(line_of(fee, "Fee of a card dispute"));
  if (result.lines.empty())
    return note_movement{payment.id, movement, payment.version};
  result.what = stripe_reversed{payment.id, payment.reference, movement, taken, payment.version};
  return result;
}

bool fits(const std::string& here, const std::string& there) {
  return here.empty() || there.empty() || here == there;
}

bool is_of(const stripe_event& event, const stripe_payment& payment) {
  bool is_session = payment.kind == payment_kind::session;
  if (!event.session.empty() && (!is_session || !fits(event.session, payment.reference)))
    return false;
  return fits(event.intent, is_session ? payment.intent : payment.reference);
}

} // namespace

money stripe_payment::reversed() const {
  money named, refunded, told_in_all, disputed;
  for (const auto& movement : movements)
    switch (movement.kind) {
    case movement_kind::refund:
      named += movement.amount;
      if (!movement.is_undone)
        refunded += movement.amount;
      break;
    case movement_kind::refund_sum:
      told_in_all += movement.amount;
      break;
    case movement_kind::dispute:
      if (!movement.is_undone)
        disputed += movement.amount;
      break;
    }
  auto unnamed = std::max(told_in_all - named, money{});
  return std::clamp(refunded + unnamed + disputed, money{}, net);
}

money stripe_payment::fees() const {
  money result;
  for (const auto& movement : movements)
    if (!movement.is_undone)
      result += movement.fee;
  return result;
}

payment_step next_payment_step(const stripe_payment& payment, const stripe_event& event) {
  if (event.kind == stripe_event_kind::other)
    return std::monostate{};
  if (!payment.is_credited())
    return credit(payment, event);
  for (const auto& news : event.movements)
    if (auto movement = told(payment, news); !is_known(payment, movement))
      return step_of(payment, movement);
  return std::monostate{};
}

std::string_view payment_mismatch(const stripe_event& event, const stripe_payment& payment) {
  if (!event.currency.empty() && event.currency != "usd")
    return "it is not in US dollars";
  if (!is_of(event, payment))
    return "it names another session or intent than the payment has";
  if (event.amount && *event.amount != payment.gross)
    return "it is about another amount than the payment's";
  return {};
}

} // namespace meisim

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

posting reversal(const stripe_payment& payment, stripe_reversed what, std::string description) {
  auto result = posting_for(payment, what.cause);
  what.payment = payment.id;
  what.reference = payment.reference;
  what.reversed_before = payment.reversed;
  what.refunded_before = payment.refunded;
  what.refunded_after = std::max(what.refunded_after, payment.refunded);
  auto type = what.taken.is_negative() ? entry_type::credit : entry_type::debit;
  result.lines.push_back({type, -what.taken, std::move(description), {}});
  result.what = std::move(what);
  return result;
}

std::optional<posting> refund(const stripe_payment& payment, const stripe_event& event) {
  stripe_reversed what;
  what.cause = fmt::format("refund {}", event.refunded.cents());
  what.refunded_after = event.refunded;
  what.taken = std::min(event.refunded - payment.refunded, payment.net - payment.reversed);
  if (what.taken <= money{})
    return std::nullopt;
  return reversal(payment, std::move(what), "Card payment refunded");
}

std::optional<posting> dispute(const stripe_payment& payment, const stripe_event& event) {
  if (payment.taken_by_dispute)
    return std::nullopt;
  stripe_reversed what;
  what.cause = "dispute " + event.dispute;
  what.taken = std::min(event.amount.value_or(payment.net), payment.net - payment.reversed);
  if (what.taken <= money{})
    return std::nullopt;
  return reversal(payment, std::move(what), "Card payment disputed");
}

std::optional<posting> reinstatement(const stripe_payment& payment, const stripe_event& event) {
  if (!payment.taken_by_dispute)
    return dispute(payment, event);
  if (payment.is_dispute_undone)
    return std::nullopt;
  stripe_reversed what;
  what.cause = "reinstated " + event.dispute;
  what.taken = -*payment.taken_by_dispute;
  return reversal(payment, std::move(what), "Card payment reinstated");
}

} // namespace

std::optional<posting> next_posting(const stripe_payment& payment, const stripe_event& event) {
  if (event.kind == stripe_event_kind::other)
    return std::nullopt;
  if (!payment.credited)
    return credit(payment, event);
  switch (event.kind) {
  case stripe_event_kind::refunded:
    return refund(payment, event);
  case stripe_event_kind::disputed:
    return dispute(payment, event);
  case stripe_event_kind::reinstated:
    return reinstatement(payment, event);
  case stripe_event_kind::paid:
  case stripe_event_kind::refund_failed:
  case stripe_event_kind::other:
    return std::nullopt;
  }
  return std::nullopt;
}

bool is_about(const stripe_event& event, const stripe_payment& payment) {
  auto fits = [](const std::string& here, const std::string& there) {
    return here.empty() || there.empty() || here == there;
  };
  if (!event.currency.empty() && event.currency != "usd")
    return false;
  bool is_session = payment.kind == payment_kind::session;
  if (!event.session.empty() && (!is_session || !fits(event.session, payment.reference)))
    return false;
  if (!fits(event.intent, is_session ? payment.intent : payment.reference))
    return false;
  bool is_whole =
    event.kind == stripe_event_kind::paid || event.kind == stripe_event_kind::refunded;
  return !is_whole || !event.amount || *event.amount == payment.gross;
}

} // namespace meisim

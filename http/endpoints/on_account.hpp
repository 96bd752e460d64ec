#pragma once

#include "http/edge/asking.hpp"
#include "http/edge/read_body.hpp"
#include "protocols/orders/account_order.hpp"

#include <fmt/core.h>

#include <string>
#include <utility>

namespace meisim::http {

// What endpoints on account have in common: they pass the provider's answers on.

/// Makes the order the caller's.
inline void identify(account_order& order, const exchange_pointer& x, const idempotency& known_as) {
  order.dealer = x->dealer().id;
  order.id = order_for(order.dealer, known_as);
  order.idempotency_key = known_as.key;
  order.request_hash = known_as.request_hash;
  order.origin = x->origin();
}

/// Answers with how far an order on account is. `write(json_writer&, outcome, status)` writes the
/// members about what was bought, or may be bought yet.
template <class Write>
void answer_outcome(const exchange_pointer& x, const account_outcome& outcome, Write write) {
  using enum account_outcome::state;
  response result;
  switch (outcome.now) {
  case completed:
    result.body = json_object(write, outcome, "Success");
    break;
  case pending:
    // It is accepted, and its end is not known yet: GET /api/v1/orders tells how it ends.
    result.status = 202;
    result.body = json_object(write, outcome, "Pending");
    break;
  case refused:
    result = problem(make_error(ec::vendor_error, outcome.reason));
    break;
  case unavailable:
    return fail(x,
                make_error(cause::vendor_unreachable, "the provider is away: " + outcome.reason));
  }
  if (outcome.is_replayed)
    mark_as_replayed(result);
  answer(x, std::move(result));
}

/// Places an order on account and answers with how it ended; `write` as above.
template <class Write>
void order_on_account(const exchange_pointer& x, account_order order, Write write) {
  ask<account_outcome>(
    x, x->node->credit,
    [x, write](const account_outcome& outcome) { answer_outcome(x, outcome, write); },
    std::move(order));
}

/// Answers a repetition under a key as the first request was answered, even if the catalogue has
/// changed since. Calls `go_on()` for anything else.
template <class Write, class GoOn>
void replay_or(const exchange_pointer& x, const account_order& wish, Write write, GoOn go_on) {
  if (wish.request_hash.empty())
    return go_on();
  ask_or<account_outcome>(
    x, x->node->credit,
    [x, write](const account_outcome& outcome) { answer_outcome(x, outcome, write); },
    [x, go_on](const caf::error& failure) {
      if (code_of(failure) == ec::not_found)
        go_on();
      else
        fail(x, failure);
    },
    find_account_order{wish.id, wish.request_hash});
}

/// Calls `go_on(text)` with the provider's own words, whatever their status.
template <class Question, class GoOn>
void ask_provider(const exchange_pointer& x, Question question, GoOn go_on) {
  ask<provider_text>(x, x->node->provider, go_on, std::move(question));
}

/// The error of a caller whose question the provider has refused.
inline caf::error provider_refusal(const provider_text& text) {
  return make_error(ec::vendor_error,
                    fmt::format("the provider refused with status {}", text.status));
}

/// Whether the order's price passes the caller's guard; if not, that has been answered.
inline bool passes_guard(const exchange_pointer& x, money price, const std::optional<money>& most) {
  if (!most || price <= *most)
    return true;
  fail(x, make_error(ec::price_too_high,
                     "the total of " + to_string(price) + " is above the price guard"));
  return false;
}

} // namespace meisim::http

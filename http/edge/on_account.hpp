#pragma once

#include "http/edge/exchange.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/orders/account_order.hpp"

#include <fmt/core.h>

#include <string>
#include <utility>

namespace meisim::http {

// What the endpoints have in common that pass the provider's answers on.

/// The order that a key stands for is always the same one.
inline order_id id_under(const dealer_id& dealer, const std::string& key) {
  return key.empty() ? order_id::make()
                     : order_id{derive_uuid(dealer.value, "order on account " + key)};
}

/// Answers with how far an order on account is. `write(outcome, status)` makes the body of what is,
/// or may yet be, bought.
template <class Write>
void answer_outcome(const exchange_pointer& x, const account_outcome& outcome, Write write) {
  using enum account_outcome::state;
  response result;
  switch (outcome.now) {
  case completed:
    result.body = write(outcome, "Success");
    break;
  case pending:
    // Accepted, and not known yet: GET /api/v1/orders tells how it ends.
    result.status = 202;
    result.body = write(outcome, "Pending");
    break;
  case refused:
    result = problem(make_error(ec::vendor_error, outcome.reason));
    break;
  case unavailable:
    return x->fail(make_error(ec::unavailable, "the provider is away: " + outcome.reason));
  }
  if (outcome.is_replayed)
    result.headers.emplace_back("Idempotent-Replayed", "true");
  x->answer(std::move(result));
}

/// Places an order on account and answers with how it ended; `write` as above.
template <class Write>
void order_on_account(const exchange_pointer& x, account_order order, Write write) {
  x->ask<account_outcome>(
    x->node->credit,
    [x, write](const account_outcome& outcome) { answer_outcome(x, outcome, write); },
    std::move(order));
}

/// Answers a repetition as the first request was answered, whatever the catalogue says by now; else
/// calls `go_on()`.
template <class Write, class GoOn>
void replay_or(const exchange_pointer& x, const std::string& key, const account_order& wish,
               Write write, GoOn go_on) {
  if (key.empty())
    return go_on();
  x->ask_or<account_outcome>(
    x->node->credit,
    [x, write](const account_outcome& outcome) { answer_outcome(x, outcome, write); },
    [x, go_on](const caf::error& failure) {
      if (code_of(failure) == ec::not_found)
        go_on();
      else
        x->fail(failure);
    },
    find_account_order{wish.id, wish.request_hash});
}

/// Calls `go_on(text)` with the provider's own words, whatever their status.
template <class Question, class GoOn>
void ask_provider(const exchange_pointer& x, Question question, GoOn go_on) {
  x->ask<provider_text>(x->node->provider, go_on, std::move(question));
}

/// The error of a caller whose question the provider did not want to answer.
inline caf::error provider_refusal(const provider_text& text) {
  return make_error(ec::vendor_error,
                    fmt::format("the provider refused with status {}", text.status));
}

/// Whether the order's price passes the caller's guard; if not, that has been answered.
inline bool passes_guard(const exchange_pointer& x, money price, const std::optional<money>& most) {
  if (!most || price <= *most)
    return true;
  x->fail(make_error(ec::price_too_high,
                     "the total of " + to_string(price) + " is above the price guard"));
  return false;
}

} // namespace meisim::http

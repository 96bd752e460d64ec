#include "actors/access/dealer.hpp"

#include "protocols/base/crypto.hpp"
#include "protocols/cluster/remote.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

using dealer_pointer = dealer_actor::stateful_pointer<dealer_state>;

bool is_good(const credential& shown, const dealer_record& account) {
  if (shown.key_hash.empty())
    return shown.token_epoch == account.token_epoch;
  return std::any_of(account.key_hashes.begin(), account.key_hashes.end(),
                     [&](const auto& hash) { return same_secret(hash, shown.key_hash); });
}

void answer_waiting(dealer_pointer self, const caf::error& failure) {
  auto& state = self->state;
  auto waiting = std::exchange(state.waiting, {});
  for (auto& [request, promise] : waiting) {
    if (failure)
      promise.deliver(failure);
    else
      promise.deliver(state.judge(request, self->clock().now()));
  }
}

void load(dealer_pointer self) {
  auto& state = self->state;
  if (std::exchange(state.loading, true))
    return;
  auto generation = state.generation;
  self->request(state.memory, caf::infinite, load_dealer{state.id})
    .then(
      [self, generation](dealer_record& account) {
        auto& loaded = self->state;
        loaded.loading = false;
        if (generation != loaded.generation)
          return load(self);
        loaded.account = std::move(account);
        answer_waiting(self, {});
      },
      [self](caf::error& failure) {
        self->state.loading = false;
        answer_waiting(self, failure);
      });
}

} // namespace

admission dealer_state::judge(const admission_request& request, rate_window::clock_time now) {
  admission result;
  result.dealer = account->snapshot;
  auto refuse = [&](ec code, std::string message) {
    result.refusal = code;
    result.message = std::move(message);
    return result;
  };
  if (!is_good(request.shown, *account))
    return refuse(ec::unauthorized, "the credential is no longer good");
  if (request.needs_portal && !account->snapshot.portal)
    return refuse(ec::forbidden, "the account has no portal access");
  if (request.needs_approval && account->snapshot.status != dealer_status::approved)
    return refuse(ec::forbidden,
                  fmt::format("the account is {}", to_string(account->snapshot.status)));
  auto verdict = windows.admit(*limits, request.limit, now);
  result.rate = verdict.state;
  if (!verdict.passes)
    return refuse(ec::rate_limited,
                  fmt::format("at most {} requests of this kind in {} seconds", verdict.state.limit,
                              limits->rule(request.limit).window.count()));
  return result;
}

dealer_actor::behavior_type dealer(dealer_pointer self, dealer_id id, dealer_memory_actor memory,
                                   std::shared_ptr<const limit_table> limits,
                                   const entity_terms& terms) {
  self->state.id = id;
  self->state.memory = std::move(memory);
  self->state.limits = std::move(limits);
  self->state.last_used = self->clock().now();
  return {
    [self, terms](const admission_request& request) -> caf::result<admission> {
      auto& state = self->state;
      state.last_used = self->clock().now();
      // The account may have been changed while nobody could tell this node of it.
      if (!terms.lease->holds(state.last_used))
        return make_error(ec::not_owner);
      if (state.account)
        return state.judge(request, state.last_used);
      auto promise = self->make_response_promise<admission>();
      state.waiting.emplace_back(request, promise);
      load(self);
      return promise;
    },
    [self](reload_atom) {
      self->state.account.reset();
      ++self->state.generation;
    },
    [self](const rate_memory& known) {
      self->state.windows.absorb(known, *self->state.limits, self->clock().now());
    },
    [self](const leave_order& order) {
      auto& state = self->state;
      answer_waiting(self, make_error(ec::not_owner));
      auto known = state.windows.remember(*state.limits, self->clock().now());
      if (order.successor && !known.windows.empty())
        self->send(order.successor, dealer_memory{state.id, std::move(known)});
      self->quit();
    },
    [self, idle = terms.idle](retire_atom) {
      auto& state = self->state;
      auto now = self->clock().now();
      if (state.waiting.empty() && now - state.last_used >= idle
          && state.windows.are_idle(*state.limits, now))
        self->quit();
    },
  };
}

} // namespace meisim

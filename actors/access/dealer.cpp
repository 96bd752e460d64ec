#include "actors/access/dealer.hpp"

#include "protocols/base/crypto.hpp"
#include "protocols/base/network.hpp"
#include "protocols/cluster/remote.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

using dealer_pointer = dealer_actor::stateful_pointer<dealer_state>;

bool is_token_good(const credential& shown, const dealer_record& account) {
  return shown.token_epoch == account.token_epoch
         && std::ranges::find(account.ended_sessions, shown.session)
              == account.ended_sessions.end();
}

/// The key that was shown; null if it is none of the account's.
const key_grant* find_key(const credential& shown, const dealer_record& account) {
  auto key = std::ranges::find_if(
    account.keys, [&](const key_grant& grant) { return same_secret(grant.hash, shown.key_hash); });
  return key == account.keys.end() ? nullptr : &*key;
}

/// What is wrong with the credential of a request; nothing if it may pass. `key` is null for a
/// token.
caf::error flaw_of(const admission_request& request, const dealer_record& account,
                   const key_grant* key) {
  const auto& shown = request.shown;
  if (shown.key_hash.empty() ? !is_token_good(shown, account) : !key)
    return make_error(ec::unauthorized, "the credential is no longer good");
  if (!key)
    return {};
  if (key->expires_at != instant{} && key->expires_at <= now())
    return make_error(ec::credential_expired, "the API key expired at " + rfc3339(key->expires_at));
  auto is_from = [&](const auto& network) { return is_in_network(request.address, network); };
  if (!key->networks.empty() && std::ranges::none_of(key->networks, is_from))
    return make_error(ec::forbidden, "the API key may not be used from this address");
  if (request.scopes.is_empty() ? key->scopes != scope_set::all()
                                : !key->scopes.shares(request.scopes))
    return make_error(ec::forbidden,
                      "the API key lacks the scope for this: "
                        + (request.scopes.is_empty() ? "all of them" : to_string(request.scopes)));
  return {};
}

/// What a dealer is told whose account is not approved. Only operators learn why it was suspended.
std::string_view refusal_of(dealer_status status) {
  return status == dealer_status::suspended
           ? "the account is suspended; please write to our support, which can lift that"
           : "the account is pending: it waits for its approval";
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

admission dealer_state::judge(const admission_request& request, rate_window::clock_time time) {
  admission result;
  result.dealer = account->snapshot;
  auto refuse = [&](ec code, std::string message) {
    result.refusal = code;
    result.message = std::move(message);
    return result;
  };
  const auto* key = request.shown.key_hash.empty() ? nullptr : find_key(request.shown, *account);
  if (auto flaw = flaw_of(request, *account, key))
    return refuse(code_of(flaw), message_of(flaw));
  if (key) {
    result.scopes = key->scopes;
    result.is_bound = key->expires_at != instant{} || !key->networks.empty();
  }
  if (request.needs_portal && !account->snapshot.portal)
    return refuse(ec::forbidden, "the account has no portal access");
  if (request.needs_approval && account->snapshot.status != dealer_status::approved)
    return refuse(ec::forbidden, std::string{refusal_of(account->snapshot.status)});
  auto verdict = windows.admit(*limits, request.limit, time);
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
      // Without the lease, nobody could tell this node of a change of the account.
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

#include "actors/money/wallet.hpp"

#include "protocols/base/log.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

using wallet_pointer = wallet_actor::stateful_pointer<wallet_state>;

/// Two owners can take turns in overtaking one another only for so long before a caller is sent
/// away.
constexpr int most_attempts = 16;

/// How long a repeat waits for the first request under its idempotency key.
constexpr std::chrono::seconds repeat_patience{5};

void advance(wallet_pointer self);
void look_up_key(wallet_pointer self, wallet_state::pending request);

// -- answers --------------------------------------------------------------------------------------

/// What was answered to the request of this hash. `not_found` if nothing is stored, a conflict if
/// another request was answered under the key.
caf::expected<receipt> told_before(const stored_receipt& stored, const std::string& request_hash) {
  if (!stored.what.id && stored.request_hash.empty())
    return make_error(ec::not_found);
  if (stored.request_hash != request_hash)
    return make_error(cause::idempotency_key_reused,
                      "this Idempotency-Key was used with another request before");
  auto result = stored.what;
  result.replayed = true;
  return result;
}

/// Answers a posting, and everyone who repeated it meanwhile.
template <class Answer>
void answer(wallet_pointer self, wallet_state::pending& request, const Answer& what) {
  auto& keys = self->state.keys;
  request.answer.deliver(what);
  auto entry = keys.find(request.what.idempotency_key);
  if (entry == keys.end())
    return;
  auto repeats = std::move(entry->second.repeats);
  keys.erase(entry);
  for (auto& repeat : repeats) {
    if constexpr (std::is_same_v<Answer, receipt>) {
      auto replay = what;
      replay.replayed = true;
      repeat.answer.deliver(std::move(replay));
    } else {
      repeat.answer.deliver(what);
    }
  }
}

void refuse_all(wallet_pointer self, std::list<wallet_state::pending> requests,
                const caf::error& why) {
  for (auto& request : requests)
    answer(self, request, why);
}

/// The error of a request of which nothing was done. A request that comes again may be the very one
/// that is under way.
caf::error unavailable(const wallet_state& state, const wallet_state::pending& request) {
  bool is_repeat = std::ranges::any_of(
    state.committing, [&](const auto& other) { return other.what.id == request.what.id; });
  return is_repeat ? make_error(ec::outcome_unknown, "an earlier try of this is in doubt")
                   : make_error(ec::unavailable);
}

// -- loading --------------------------------------------------------------------------------------

void load(wallet_pointer self) {
  self->state.now = wallet_state::phase::loading;
  auto asked_at = self->state.requests;
  self->request(self->state.memory, caf::infinite, load_wallet{self->state.dealer})
    .then(
      [self, asked_at](const wallet_position& position) {
        self->state.position = position;
        self->state.known_at = asked_at;
        self->state.now = wallet_state::phase::ready;
        advance(self);
      },
      [self](const caf::error& failure) {
        self->state.now = wallet_state::phase::unloaded;
        refuse_all(self, std::exchange(self->state.waiting, {}), failure);
        advance(self);
      });
}

// -- deciding -------------------------------------------------------------------------------------

/// Calls `found(stored)` with what stands in the database, or `failed(why)` where that cannot be
/// read.
template <class Found, class Failed>
void find_stored(wallet_pointer self, find_receipt question, Found found, Failed failed) {
  ++self->state.lookups;
  self->request(self->state.memory, caf::infinite, std::move(question))
    .then(
      [=](const stored_receipt& stored) mutable {
        --self->state.lookups;
        found(stored);
        advance(self);
      },
      [=](const caf::error& failure) mutable {
        --self->state.lookups;
        failed(failure);
        advance(self);
      });
}

/// Gives the answer that is stored for the request's key, or for this very posting if it has no
/// key. If nothing is stored, `otherwise(request)` goes on. If it cannot be read, the caller is
/// refused with `failed(why)`.
template <class Otherwise, class Failed>
void replay_or(wallet_pointer self, wallet_state::pending request, Otherwise otherwise,
               Failed failed) {
  auto shared = std::make_shared<wallet_state::pending>(std::move(request));
  const auto& key = shared->what.idempotency_key;
  find_stored(
    self, {self->state.dealer, key, key.empty() ? shared->what.id : posting_id{}},
    [=](const stored_receipt& stored) {
      auto known = told_before(stored, shared->what.request_hash);
      if (known)
        answer(self, *shared, *known);
      else if (code_of(known.error()) == ec::not_found)
        otherwise(std::move(*shared));
      else
        answer(self, *shared, known.error());
    },
    [=](const caf::error& failure) { answer(self, *shared, failed(failure)); });
}

/// The request may itself have taken the money that it lacks now: its answer was lost and it comes
/// again, or another owner has done it under its key meanwhile. Then the stored answer is given.
void refuse(wallet_pointer self, wallet_state::pending request) {
  replay_or(
    self, std::move(request),
    [self](wallet_state::pending undone) { answer(self, undone, undone.refusal); },
    [](const caf::error&) {
      return make_error(ec::outcome_unknown, "whether this was done before cannot be read now");
    });
}

/// Money may have come in by another owner, and nobody is refused by an old memory. If a commit is
/// under way, its end tells whether the memory is old. Otherwise the position is read again.
void doubt(wallet_pointer self, wallet_state::pending request, caf::error refusal) {
  auto& state = self->state;
  request.refusal = std::move(refusal);
  if (request.number <= state.known_at)
    return refuse(self, std::move(request));
  --request.attempts;
  state.doubtful.push_back(std::move(request));
  state.stale = state.stale || state.committing.empty();
}

void decide_next(wallet_pointer self) {
  auto& state = self->state;
  auto request = std::move(state.waiting.front());
  state.waiting.pop_front();
  if (!state.lease->holds(self->clock().now()))
    return answer(self, request, make_error(ec::not_owner));
  if (++request.attempts > most_attempts)
    return answer(
      self, request,
      make_error(ec::unavailable, "the wallet is being changed elsewhere, please repeat"));
  auto decided = state.decide(request.what, now());
  if (!decided && code_of(decided.error()) == ec::insufficient_funds)
    return doubt(self, std::move(request), std::move(decided.error()));
  if (!decided)
    return answer(self, request, decided.error());
  request.decided = std::move(*decided);
  self->send(state.writer, commit_order{request.decided});
  state.committing.push_back(std::move(request));
}

/// Refuses all requests that are not committing; nothing was done for them. `why` gives the error
/// of each request.
template <class Why>
void refuse_undecided(wallet_pointer self, Why why) {
  auto& state = self->state;
  for (auto* requests : {&state.waiting, &state.again, &state.doubtful})
    for (auto& request : std::exchange(*requests, {}))
      answer(self, request, why(request));
}

/// What is committing ends here. All else is for the next owner, who reads the position anew.
void leave(wallet_pointer self) {
  refuse_undecided(self, [](const auto&) { return make_error(ec::not_owner); });
  if (!self->state.is_busy())
    self->quit();
}

void advance(wallet_pointer self) {
  auto& state = self->state;
  if (state.is_leaving)
    return leave(self);
  state.is_in_doubt = state.is_in_doubt && !state.committing.empty();
  if (state.is_in_doubt)
    return refuse_undecided(self,
                            [&state](const auto& request) { return unavailable(state, request); });
  if (state.stale) {
    if (!state.committing.empty())
      return;
    // What is decided anew comes before what has never been decided.
    state.again.splice(state.again.end(), state.doubtful);
    state.waiting.splice(state.waiting.begin(), state.again);
    state.stale = false;
    state.now = wallet_state::phase::unloaded;
  }
  if (state.waiting.empty() || state.now == wallet_state::phase::loading)
    return;
  if (state.now == wallet_state::phase::unloaded)
    return load(self);
  while (!state.waiting.empty() && !state.stale)
    decide_next(self);
  if (state.stale && state.committing.empty())
    advance(self);
}

// -- commits that have ended ----------------------------------------------------------------------

void settle(wallet_pointer self, wallet_state::pending request, const commit_outcome& outcome) {
  auto& state = self->state;
  if (outcome.result != commit_result::committed)
    state.stale = true;
  else if (!state.stale)
    for (auto& doubtful : std::exchange(state.doubtful, {}))
      refuse(self, std::move(doubtful));
  switch (outcome.result) {
  case commit_result::committed:
    return answer(self, request, request.decided->answer);
  case commit_result::already_there: {
    auto known = outcome.known.what;
    known.replayed = true;
    return answer(self, request, known);
  }
  case commit_result::wallet_conflict:
    state.again.push_back(std::move(request));
    return;
  case commit_result::key_conflict:
    return look_up_key(self, std::move(request));
  case commit_result::stock_conflict:
    return answer(self, request, make_error(ec::moved));
  case commit_result::poisoned:
    return answer(self, request, make_error(ec::internal));
  case commit_result::unavailable:
    return answer(self, request, unavailable(state, request));
  case commit_result::unknown:
    state.is_in_doubt = true;
    state.committing.push_back(std::move(request));
    return;
  }
}

void take_report(wallet_pointer self, const commit_report& report) {
  auto& committing = self->state.committing;
  for (const auto& outcome : report.outcomes) {
    auto found = std::find_if(committing.begin(), committing.end(),
                              [&](const auto& request) { return request.what.id == outcome.id; });
    if (found == committing.end()) {
      log_error("wallet {}: a commit ended that was not under way", to_string(self->state.dealer));
      continue;
    }
    auto request = std::move(*found);
    committing.erase(found);
    settle(self, std::move(request), outcome);
  }
  advance(self);
}

// -- idempotency keys -----------------------------------------------------------------------------

void enqueue(wallet_pointer self, wallet_state::pending request) {
  self->state.waiting.push_back(std::move(request));
  advance(self);
}

/// Answers with what is stored under the request's key, or lets it go on where there is nothing.
void look_up_key(wallet_pointer self, wallet_state::pending request) {
  replay_or(
    self, std::move(request),
    [self](wallet_state::pending fresh) { self->state.waiting.push_back(std::move(fresh)); },
    [](const caf::error& failure) { return failure; });
}

/// Has a repeat wait for the answer to the first request under its key.
void wait_for_first(wallet_pointer self, wallet_state::keyed_request& first,
                    const std::string& request_hash, wallet_state::promise repeat) {
  if (first.request_hash != request_hash) {
    repeat.deliver(make_error(cause::idempotency_key_reused,
                              "this Idempotency-Key is in use by another request"));
    return;
  }
  first.repeats.push_back({std::move(repeat), self->clock().now()});
  self->delayed_send(self, repeat_patience, tick_atom_v);
}

void take_keyed(wallet_pointer self, wallet_state::pending request) {
  auto& keys = self->state.keys;
  auto [entry, is_first] = keys.try_emplace(request.what.idempotency_key);
  if (is_first) {
    entry->second.request_hash = request.what.request_hash;
    return look_up_key(self, std::move(request));
  }
  wait_for_first(self, entry->second, request.what.request_hash, request.answer);
}

/// Answers what was asked under a key before, and posts nothing.
void recall(wallet_pointer self, const find_answer& question, wallet_state::promise promise) {
  auto& keys = self->state.keys;
  if (auto first = keys.find(question.idempotency_key); first != keys.end())
    return wait_for_first(self, first->second, question.request_hash, std::move(promise));
  find_stored(
    self, {question.dealer, question.idempotency_key},
    [promise, hash = question.request_hash](const stored_receipt& stored) mutable {
      auto known = told_before(stored, hash);
      if (known)
        promise.deliver(*known);
      else
        promise.deliver(known.error());
    },
    [promise](const caf::error& failure) mutable { promise.deliver(failure); });
}

void dismiss_impatient(wallet_pointer self) {
  auto limit = self->clock().now() - repeat_patience;
  for (auto& [key, request] : self->state.keys) {
    auto& repeats = request.repeats;
    auto first_patient =
      std::find_if(repeats.begin(), repeats.end(), [&](const auto& r) { return r.since > limit; });
    for (auto repeat = repeats.begin(); repeat != first_patient; ++repeat)
      repeat->answer.deliver(make_error(ec::in_progress));
    repeats.erase(repeats.begin(), first_patient);
  }
}

} // namespace

wallet_actor::behavior_type wallet(wallet_pointer self, dealer_id id, ledger_writer_actor writer,
                                   wallet_memory_actor memory, const entity_terms& terms) {
  self->state.dealer = id;
  self->state.writer = std::move(writer);
  self->state.memory = std::move(memory);
  self->state.lease = terms.lease;
  self->state.last_used = self->clock().now();
  return {
    [self](posting& what) -> caf::result<receipt> {
      self->state.last_used = self->clock().now();
      auto promise = self->make_response_promise<receipt>();
      wallet_state::pending request{std::move(what), promise, ++self->state.requests};
      if (request.what.idempotency_key.empty())
        enqueue(self, std::move(request));
      else
        take_keyed(self, std::move(request));
      return promise;
    },
    [self](const find_answer& question) -> caf::result<receipt> {
      self->state.last_used = self->clock().now();
      auto promise = self->make_response_promise<receipt>();
      if (self->state.is_leaving)
        promise.deliver(make_error(ec::not_owner));
      else
        recall(self, question, promise);
      return promise;
    },
    [self](const commit_report& report) { take_report(self, report); },
    [self](tick_atom) { dismiss_impatient(self); },
    [self](const leave_order&) {
      self->state.is_leaving = true;
      advance(self);
    },
    [self, idle = terms.idle](retire_atom) {
      if (!self->state.is_busy() && self->clock().now() - self->state.last_used >= idle)
        self->quit();
    },
  };
}

} // namespace meisim

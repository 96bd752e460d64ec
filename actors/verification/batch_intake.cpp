#include "actors/verification/batch_intake.hpp"

#include "actors/money/ask_wallet.hpp"
#include "actors/verification/refunds.hpp"

#include <fmt/core.h>

#include <memory>
#include <utility>

namespace meisim {

namespace {

using batch_intake_pointer = batch_intake_actor::stateful_pointer<batch_intake_state>;

void submit(batch_intake_pointer self, batch_intake_state::waiting request) {
  auto answer = std::make_shared<caf::typed_response_promise<receipt>>(request.answer);
  ask_wallet(
    self, self->state.region, batch_posting(std::move(request.wish)),
    [self, answer](const receipt& result) {
      self->send(self->state.verification, wake_atom_v);
      answer->deliver(result);
    },
    [answer](const caf::error& failure) { answer->deliver(failure); });
}

void advance(batch_intake_pointer self) {
  auto& state = self->state;
  while (!state.queue.empty() && state.usages.count > 0) {
    auto next = std::move(state.queue.front());
    state.queue.pop_front();
    next.wish.what.usage = state.usages.first++;
    --state.usages.count;
    submit(self, std::move(next));
  }
  if (state.queue.empty() || std::exchange(state.is_asking, true))
    return;
  self->request(state.records, caf::infinite, reserve_usages{})
    .then(
      [self](const usage_block& block) {
        self->state.is_asking = false;
        self->state.usages = block;
        advance(self);
      },
      [self](const caf::error& failure) {
        self->state.is_asking = false;
        for (auto& request : std::exchange(self->state.queue, {}))
          request.answer.deliver(failure);
      });
}

/// Gives back at once what is owed. If that fails, the job that was written with the cancellation
/// does it.
caf::result<done> cancel(batch_intake_pointer self, const cancel_batch& wish) {
  auto promise = self->make_response_promise<done>();
  auto answer = std::make_shared<caf::typed_response_promise<done>>(promise);
  auto finish = [answer](const auto&) { answer->deliver(done{}); };
  self->request(self->state.store, caf::infinite, wish)
    .then(
      [self, finish](const refund_due& due) {
        if (due.rows.empty() || due.unit_price == money{})
          return finish(done{});
        ask_wallet(self, self->state.region, row_refund_posting(due), finish, finish);
      },
      [answer](const caf::error& failure) { answer->deliver(failure); });
  return promise;
}

} // namespace

posting batch_posting(batch_wish wish) {
  posting result;
  result.id = wish.posting;
  result.dealer = wish.dealer;
  result.idempotency_key = std::move(wish.idempotency_key);
  result.request_hash = std::move(wish.request_hash);
  result.ceiling = wish.ceiling;
  auto total = std::ssize(wish.what.rows);
  result.lines.push_back(
    {entry_type::debit,
     -(wish.what.unit_price * total),
     fmt::format("Verification of {} codes, batch {}", total, to_string(wish.what.id)),
     {}});
  result.what = std::move(wish.what);
  return result;
}

batch_intake_actor::behavior_type batch_intake(batch_intake_pointer self, region_actor region,
                                               records_actor records,
                                               verification_actor verification,
                                               verification_store_actor store) {
  self->state.region = std::move(region);
  self->state.records = std::move(records);
  self->state.verification = std::move(verification);
  self->state.store = std::move(store);
  return {
    [self](batch_wish& wish) -> caf::result<receipt> {
      batch_intake_state::waiting request{std::move(wish), self->make_response_promise<receipt>()};
      auto answer = request.answer;
      if (request.wish.what.source == batch_source::portal) {
        self->state.queue.push_back(std::move(request));
        advance(self);
      } else {
        submit(self, std::move(request));
      }
      return answer;
    },
    [self](const cancel_batch& wish) { return cancel(self, wish); },
  };
}

} // namespace meisim

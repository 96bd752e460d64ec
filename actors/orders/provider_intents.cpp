#include "actors/orders/provider.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <utility>

// Orders at a provider where asking twice may buy twice. Each is noted before it is asked for. It
// is asked for again only when the call before has certainly come to nothing.

namespace meisim {

std::chrono::milliseconds provider_state::settling_time() const {
  return settings_.timeout + settings_.format->settling_time;
}

void provider_state::note(uint64_t call_id, const task& what, instant again_after) {
  begin_intent wish{settings_.name, what.order.reference, what.order.product,
                    settings_.format->is_one_of_a_product, again_after};
  end_intent of{settings_.name, what.order.reference};
  self_->request(settings_.intents, caf::infinite, std::move(wish))
    .then([this, call_id, of](const intent& known) { take_note(call_id, of, known); },
          [this, call_id](const caf::error&) {
            auto found = tasks_.find(call_id);
            if (found != tasks_.end() && !found->second.is_over)
              finish(call_id, given_up(found->second, "the order could not be noted"));
          });
}

void provider_state::take_note(uint64_t call_id, const end_intent& of, const intent& known) {
  auto found = tasks_.find(call_id);
  if (found == tasks_.end() || found->second.is_over) {
    // Nobody waits any more, and the provider has not been asked.
    if (known.may_ask)
      self_->send(settings_.intents, of);
    return;
  }
  auto& what = found->second;
  if (known.is_held)
    return pause(call_id, what, settings_.longest_pause);
  what.is_noted = true;
  what.order.asked_at = known.asked_at;
  what.order.provider_order_id = known.provider_order;
  what.is_doubtful = !known.may_ask;
  // The note may be younger than the first try, because a restored database has lost the first
  // note.
  what.looking_up = what.is_doubtful || what.order.may_be_placed;
  what.settles_at.reset();
  if (what.is_doubtful)
    what.settles_at = now() + settling_time() - known.age;
  proceed(call_id);
}

void provider_state::forget(const task& what, provider_verdict verdict) {
  bool is_not_bought = verdict == provider_verdict::refused
                       || verdict == provider_verdict::unavailable
                       || verdict == provider_verdict::ours || verdict == provider_verdict::absent;
  if (settings_.format->may_buy_twice && what.is_noted && is_not_bought)
    self_->send(settings_.intents, end_intent{settings_.name, what.order.reference});
}

void provider_state::claim(uint64_t call_id, task& what, provider_outcome outcome) {
  what.is_doubtful = true;
  claim_order wish{settings_.name, what.order.reference, std::move(outcome.candidates)};
  outcome.candidates.clear();
  auto reference = what.order.reference;
  self_->request(settings_.intents, caf::infinite, std::move(wish))
    .then([this, call_id, outcome](const claimed_order& got) { take_claim(call_id, outcome, got); },
          [this, call_id, outcome, reference](const caf::error& failure) {
            log_warn("provider {}: what the provider calls order {} could not be noted: {}",
                     settings_.name, reference, message_of(failure));
            // As long as that is so, a look-up tells nothing.
            take_claim(call_id, outcome, {{}, 2});
          });
}

void provider_state::take_claim(uint64_t call_id, provider_outcome outcome,
                                const claimed_order& got) {
  auto found = tasks_.find(call_id);
  if (found == tasks_.end() || found->second.is_over)
    return;
  auto& what = found->second;
  bool is_certain = outcome.verdict == provider_verdict::placed || !what.looking_up;
  if (!got.provider_order.empty())
    what.order.provider_order_id = got.provider_order;
  if (!is_certain && !got.provider_order.empty())
    outcome = unknown("the provider is asked for what it has sold");
  else if (!is_certain && got.free == 0)
    outcome = absent("every such order at the provider is another of ours");
  else if (!is_certain)
    outcome = unknown("several orders at the provider may be this one: an operator has to tell");
  conclude(call_id, what, std::move(outcome));
}

} // namespace meisim

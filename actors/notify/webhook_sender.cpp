#include "actors/notify/webhook_sender.hpp"

#include "protocols/base/done.hpp"
#include "protocols/base/log.hpp"
#include "protocols/notify/webhook.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using sender_pointer = webhook_sender_actor::stateful_pointer<webhook_sender_state>;
using attempt_outcome = webhook_attempt::outcome;

/// The longest that a message waits for its webhook's turn before it is looked at again.
constexpr auto longest_wait = 60s;

constexpr auto sweep_pause = 1h;

int32_t room_of(const webhook_sender_state& state, const webhook_sender_state::lane& lane) {
  return (lane.is_failing ? 1 : state.settings.most_calls) - lane.under_way;
}

/// Puts a message off until its webhook may have room for it. This does not count as a try.
void wait_for_room(sender_pointer self, const job& work, webhook_sender_state::lane& lane) {
  auto& state = self->state;
  auto time = self->clock().now();
  auto slot = std::clamp<webhook_sender_state::clock::time_point>(lane.next_room, time + 1s,
                                                                  time + longest_wait);
  lane.next_room = slot + lane.pace / (lane.is_failing ? 1 : state.settings.most_calls);
  auto seconds = std::chrono::ceil<std::chrono::seconds>(slot - time).count();
  self->send(state.loop.store,
             postpone_job{state.loop.config.kind, work, static_cast<int32_t>(seconds), {}});
  put_down(self, work);
}

void send_message(sender_pointer self, const job& work, const webhook_message& message) {
  auto& state = self->state;
  auto& lane = state.lanes[message.webhook];
  if (room_of(state, lane) <= 0)
    return wait_for_room(self, work, lane);
  ++lane.under_way;
  auto call_id = ++state.last_call_id;
  web_request call;
  call.call_id = call_id;
  call.method = "POST";
  call.url = message.url;
  call.headers = webhook_headers(message, now());
  call.headers.emplace_back("Content-Type: application/json");
  call.headers.emplace_back("User-Agent: MeiSIM-Webhooks/1.0");
  call.body = message.body;
  call.connect_timeout = state.settings.connect_timeout;
  call.timeout = state.settings.timeout;
  call.is_public_only = !state.settings.any_address;
  call.most_body = most_answer_kept;
  call.may_be_cut = true;
  state.errands.emplace(call_id, webhook_sender_state::errand{work, message, self->clock().now()});
  state.submit(std::move(call));
}

void start(sender_pointer self, const job& work) {
  self->request(self->state.store, caf::infinite, load_webhook_message{message_id{work.subject}})
    .then([self, work](const webhook_message& message) { send_message(self, work, message); },
          // Either the message has no receiver any more, or its lease runs out and it is taken
          // again.
          [self, work](const caf::error&) { put_down(self, work); });
}

/// The form in which an answer is kept: whatever is no printable ASCII becomes a question mark.
std::string readable(std::string body) {
  std::ranges::replace_if(
    body, [](char c) { return c < ' ' || c > '~'; }, '?');
  return body;
}

/// Why a call did not deliver its message; empty if it did. The dealer reads this, so it must not
/// tell what answers at which port.
std::string failure_of(const web_answer& answer) {
  // No port has been asked, so this tells of none.
  if (answer.error == not_public_error)
    return answer.error;
  if (answer.failure == web_failure::not_sent)
    return "the receiver cannot be reached, or refused the connection";
  if (answer.failure == web_failure::no_answer)
    return "the receiver gave no whole answer in time";
  if (answer.status >= 200 && answer.status < 300)
    return {};
  if (answer.status >= 300 && answer.status < 400)
    return fmt::format("the receiver answered {}, and redirects are not followed", answer.status);
  return fmt::format("the receiver answered {}", answer.status);
}

webhook_attempt judge(const webhook_message& message, const web_answer& answer,
                      std::chrono::milliseconds took) {
  webhook_attempt attempt{message.id, message.webhook, attempt_outcome::arrived, 0s,
                          failure_of(answer)};
  attempt.status = answer.status;
  attempt.answer = readable(answer.body);
  attempt.took = took;
  if (attempt.error.empty())
    return attempt;
  attempt.pause = webhook_pause(message.attempts + 1);
  attempt.result = attempt_outcome::postponed;
  if (answer.status == 410)
    attempt.result = attempt_outcome::gone;
  else if (message.age + attempt.pause > webhook_patience)
    attempt.result = attempt_outcome::given_up;
  return attempt;
}

std::string_view name_of(attempt_outcome result) {
  switch (result) {
  case attempt_outcome::arrived:
    return "arrived";
  case attempt_outcome::postponed:
    return "postponed";
  case attempt_outcome::given_up:
    return "given_up";
  case attempt_outcome::gone:
    return "gone";
  }
  return {};
}

void leave_lane(sender_pointer self, const webhook_sender_state::errand& errand, bool has_failed) {
  auto& lanes = self->state.lanes;
  auto found = lanes.find(errand.message.webhook);
  if (found == lanes.end())
    return;
  auto& lane = found->second;
  --lane.under_way;
  lane.is_failing = has_failed;
  lane.pace = std::chrono::ceil<std::chrono::milliseconds>(self->clock().now() - errand.begun);
  if (lane.under_way == 0 && !has_failed && lane.next_room <= self->clock().now())
    lanes.erase(found);
}

void take_answer(sender_pointer self, const web_answer& answer) {
  auto& state = self->state;
  auto found = state.errands.find(answer.call_id);
  if (found == state.errands.end())
    return;
  auto errand = std::move(found->second);
  state.errands.erase(found);
  auto took = std::chrono::ceil<std::chrono::milliseconds>(self->clock().now() - errand.begun);
  auto attempt = judge(errand.message, answer, took);
  // The address may hold a secret of the dealer's.
  if (attempt.result != attempt_outcome::arrived)
    log_info("webhook {}: message {} {} after try {}: {}", to_string(attempt.webhook),
             to_string(attempt.id), name_of(attempt.result), errand.message.attempts + 1,
             answer.error.empty() ? attempt.error : answer.error);
  state.outcomes->Add({{"outcome", std::string{name_of(attempt.result)}}}).Increment();
  leave_lane(self, errand, attempt.result != attempt_outcome::arrived);
  self->request(state.store, caf::infinite, std::move(attempt))
    .then([self, work = errand.work](done) { put_down(self, work); },
          // If this fails, the lease runs out, and the message is sent once more.
          [self, work = errand.work](const caf::error&) { put_down(self, work); });
}

/// Deliveries are kept for a while; every node forgets those of all.
void sweep(sender_pointer self) {
  caf::anon_send(self->state.store, forget_deliveries{});
  self->delayed_send(self, sweep_pause, sweep_atom_v);
}

} // namespace

webhook_sender_actor::behavior_type webhook_sender(sender_pointer self, job_loop_config config,
                                                   webhook_settings settings, job_store_actor jobs,
                                                   webhook_store_actor store,
                                                   const webhook_connector& connect,
                                                   std::shared_ptr<prometheus::Registry> registry) {
  auto& state = self->state;
  state.settings = settings;
  state.store = std::move(store);
  state.submit = connect(webhook_sender_actor{self});
  state.registry = std::move(registry);
  state.outcomes = &prometheus::BuildCounter()
                      .Name("meisim_webhook_attempts_total")
                      .Help("Tries to send a webhook's message")
                      .Register(*state.registry);
  self->send(self, sweep_atom_v);
  return job_behavior(
    self, std::move(config), std::move(jobs), start, [self](sweep_atom) { sweep(self); },
    [self](const web_answer& answer) { take_answer(self, answer); });
}

} // namespace meisim

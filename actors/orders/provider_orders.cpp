#include "actors/orders/provider.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <utility>

// What becomes of an order at a provider.

namespace meisim {

namespace {

/// If the provider wants so long a rest for an order, its caller does not wait for that.
constexpr int32_t long_rest_seconds = 30;

provider_outcome read_outcome(const provider_format& format, const web_answer& answer,
                              const provider_order& order, bool is_look_up) {
  switch (answer.failure) {
  case web_failure::none:
    return format.read_outcome(answer.status, answer.body, order, is_look_up);
  case web_failure::not_sent:
    return unavailable("the provider cannot be reached: " + answer.error);
  case web_failure::no_answer:
    return unknown("the provider did not answer: " + answer.error);
  }
  return unknown("the provider did not answer");
}

/// Rounded up, and at least one.
int32_t whole_seconds(std::chrono::milliseconds time) {
  auto seconds = std::chrono::ceil<std::chrono::seconds>(time);
  return std::max(1, static_cast<int32_t>(seconds.count()));
}

/// What a provider said against an order that may have been bought all the same. It is the outcome
/// if there turns out to be no such order.
std::optional<provider_outcome> objection_in(const provider_outcome& outcome) {
  bool objects =
    outcome.verdict == provider_verdict::refused || outcome.verdict == provider_verdict::contested;
  return objects ? std::optional{refused(outcome.reason)} : std::nullopt;
}

} // namespace

caf::typed_response_promise<provider_outcome> provider_state::accept(provider_order order) {
  auto promise = self_->make_response_promise<provider_outcome>();
  if (tasks_.size() >= settings_.most_tasks) {
    promise.deliver(order.may_be_placed ? unknown("too many orders are under way", 1)
                                        : unavailable("too many orders are under way", 1));
    return promise;
  }
  const auto& format = *settings_.format;
  bool is_possible = !order.top_up             ? format.esim_call != nullptr
                     : order.top_up->is_data() ? format.tops_up_esims
                                               : format.sim_call != nullptr;
  if (!is_possible) {
    promise.deliver(refused(order.top_up ? "the provider tops up nothing of this kind"
                                         : "the provider sells no eSIMs"));
    return promise;
  }
  auto call_id = ++last_call_id_;
  task what;
  what.is_doubtful = order.may_be_placed;
  if (order.may_be_placed)
    what.settles_at = now() + settling_time();
  what.is_noted = !format.may_buy_twice;
  what.looking_up = order.may_be_placed;
  if (catalogue_)
    what.cost = cost_of(order, *catalogue_);
  what.order = std::move(order);
  what.order.product = bare(what.order.product);
  if (what.order.top_up)
    what.order.top_up->network = bare(what.order.top_up->network);
  what.order.callback_url = callback_url();
  what.give_up_at = now() + settings_.patience;
  what.promise = promise;
  tasks_.emplace(call_id, std::move(what));
  proceed(call_id);
  return promise;
}

void provider_state::proceed(uint64_t call_id) {
  auto found = tasks_.find(call_id);
  // It may have been ended while it waited for its turn.
  if (found == tasks_.end())
    return;
  auto& what = found->second;
  if (now() >= what.give_up_at)
    return finish(call_id, out_of_time(what, "its turn did not come in time"));
  if (!what.looking_up)
    if (auto objection = name_for_provider(what.order))
      return decide_order(call_id, what, std::move(*objection));
  if (!what.is_noted)
    return note(call_id, what, {});
  if (under_way_ >= settings_.concurrency) {
    waiting_.push_back(call_id);
    return;
  }
  auto check = check_of(what);
  if (auto time = take_turn(!what.looking_up && !check); time.count() > 0)
    return is_hopeless(what) ? hold_back(call_id, what) : pause(call_id, what, time);
  auto before = breaker_.state();
  if (!may_pass(what, check.has_value())) {
    hold_back(call_id, what);
    return;
  }
  show_circuit(before);
  what.is_being_checked = check.has_value();
  call(call_id, what, call_for(what, std::move(check)));
}

/// Only orders probe the account: a check does not show whether it is in order.
bool provider_state::may_pass(const task& what, bool is_check) {
  if (what.looking_up)
    return breaker_.try_pass(now());
  return account_breaker_.would_pass(now()) && breaker_.try_pass(now())
         && (is_check || account_breaker_.try_pass(now()));
}

void provider_state::call(uint64_t call_id, task& what, provider_call next) {
  ++under_way_;
  what.is_under_way = true;
  what.token = token_number_;
  auto request = request_for(std::move(next));
  request.call_id = call_id;
  if (!what.order.trace_parent.empty())
    request.headers.push_back("traceparent: " + what.order.trace_parent);
  submit_(std::move(request));
}

void provider_state::call_waiting() {
  while (!waiting_.empty() && under_way_ < settings_.concurrency) {
    auto call_id = waiting_.front();
    waiting_.pop_front();
    proceed(call_id);
  }
}

void provider_state::handle(web_answer answer) {
  if (settings_.observer)
    settings_.observer->answered(answer);
  note_health(answer);
  note_time(answer);
  if (answer.call_id <= balance_call && answer.status == 401)
    token_.clear();
  if (answer.call_id == catalogue_call)
    return take_page(answer);
  if (answer.call_id == balance_call)
    return take_balance(answer);
  if (answer.call_id == token_call)
    return take_token(answer);
  if (auto asked = questions_.find(answer.call_id); asked != questions_.end())
    return take_text(asked->first, asked->second, std::move(answer));
  --under_way_;
  if (auto found = tasks_.find(answer.call_id); found != tasks_.end())
    decide(answer.call_id, found->second, answer);
  call_waiting();
}

void provider_state::decide(uint64_t call_id, task& what, const web_answer& answer) {
  what.is_under_way = false;
  what.rest = std::chrono::seconds{answer.retry_after_seconds};
  if (!what.is_over && renews_token(answer, what.token, what.has_new_token)) {
    if (!what.looking_up)
      note_account(unavailable("the token has ended"));
    return proceed(call_id);
  }
  if (what.is_being_checked)
    return take_check(call_id, what, answer);
  auto outcome = read_outcome(*settings_.format, answer, what.order, what.looking_up);
  // If the provider has a name for the order, it has accepted it, whatever is still to come.
  if (!what.looking_up || outcome.verdict == provider_verdict::ours)
    note_account(outcome.candidates.empty() ? outcome : placed({}));
  if (what.is_over)
    tasks_.erase(call_id);
  else if (outcome.candidates.empty())
    conclude(call_id, what, std::move(outcome));
  else
    claim(call_id, what, std::move(outcome));
}

/// Whatever the check answers, it has bought nothing.
void provider_state::take_check(uint64_t call_id, task& what, const web_answer& answer) {
  what.is_being_checked = false;
  if (what.is_over) {
    tasks_.erase(call_id);
    return;
  }
  auto objection = answer.failure == web_failure::none
                     ? settings_.format->read_check(answer.status, answer.body, what.order)
                     : std::optional{unavailable("the provider did not answer: " + answer.error)};
  if (!objection) {
    what.is_checked = true;
    return proceed(call_id);
  }
  if (objection->verdict == provider_verdict::ours)
    note_account(*objection);
  if (objection->verdict == provider_verdict::unknown)
    objection->verdict = provider_verdict::unavailable;
  decide_order(call_id, what, std::move(*objection));
}

void provider_state::conclude(uint64_t call_id, task& what, provider_outcome outcome) {
  if (outcome.verdict == provider_verdict::placed)
    finish(call_id, std::move(outcome));
  else if (what.looking_up)
    decide_look_up(call_id, what, std::move(outcome));
  else
    decide_order(call_id, what, std::move(outcome));
}

void provider_state::decide_order(uint64_t call_id, task& what, provider_outcome outcome) {
  switch (outcome.verdict) {
  case provider_verdict::refused:
  case provider_verdict::ours:
    if (!what.is_doubtful)
      return finish(call_id, std::move(outcome));
    break;
  case provider_verdict::contested:
    what.is_doubtful = true;
    break;
  case provider_verdict::unknown:
    what.is_doubtful = true;
    what.is_unanswered = true;
    what.settles_at = now() + settling_time();
    break;
  case provider_verdict::placed:
  case provider_verdict::unavailable:
  case provider_verdict::absent:
    break;
  }
  what.looking_up = what.is_doubtful;
  what.objection = objection_in(outcome);
  try_later(call_id, what, outcome);
}

void provider_state::decide_look_up(uint64_t call_id, task& what, provider_outcome outcome) {
  if (outcome.verdict == provider_verdict::refused)
    return finish(call_id, std::move(outcome));
  // The order has ended: nothing will be bought under this reference any more.
  if (outcome.verdict == provider_verdict::ours)
    return finish(call_id, refused("the provider takes no orders now"));
  if (outcome.verdict == provider_verdict::absent) {
    // A later purchase by the same reference buys once, or looks once more.
    if (what.order.only_look_up && (!settings_.format->may_buy_twice || is_settled(what)))
      return finish(call_id, std::move(outcome));
    if (what.objection && is_settled(what))
      return finish(call_id, std::move(*what.objection));
    if (!what.objection && settings_.format->may_buy_twice && is_settled(what)) {
      what.order.may_be_placed = false;
      return note(call_id, what, what.order.asked_at);
    }
    // The order never arrived, or is still on its way. In both cases the same reference may be sent
    // once more if it buys only once.
    if (!what.objection && !settings_.format->may_buy_twice)
      what.looking_up = false;
  } else {
    // Not even the provider says that there is no such order.
    what.is_doubtful = true;
  }
  try_later(call_id, what, outcome);
}

/// The provider may be at work on an unanswered call for as long as a second call would be waited
/// for.
bool provider_state::is_settled(const task& what) const {
  return !what.settles_at || now() >= *what.settles_at;
}

void provider_state::try_later(uint64_t call_id, task& what, const provider_outcome& because) {
  ++what.tries;
  what.last_words = because.reason;
  auto time = std::max<std::chrono::milliseconds>(backoff(what.tries), what.rest);
  bool is_for_later = !what.is_doubtful && because.retry_after_seconds >= long_rest_seconds;
  bool tried_enough = !what.is_doubtful && what.tries >= settings_.most_tries;
  if (is_for_later || tried_enough || now() + time > what.give_up_at) {
    bool is_refused = because.is_refusal_in_the_end && !what.is_doubtful;
    auto end = is_refused ? refused(because.reason) : given_up(what, because.reason);
    end.retry_after_seconds = std::max({end.retry_after_seconds, whole_seconds(what.rest),
                                        is_for_later ? because.retry_after_seconds : 0});
    return finish(call_id, std::move(end));
  }
  pause(call_id, what, time);
}

bool provider_state::is_hopeless(const task& what) const {
  return !what.looking_up && token_wait().count() > 0;
}

void provider_state::hold_back(uint64_t call_id, task& what) {
  bool is_account_refused =
    is_hopeless(what) || (!what.looking_up && !account_breaker_.would_pass(now()));
  const auto& closed = is_account_refused ? account_breaker_ : breaker_;
  auto time = std::max({closed.wait(now()), settings_.first_pause, token_wait()});
  // Only an order that was sent just now is worth waiting for. Others would fill the places of
  // orders that wait for this provider, and then the places of orders at other providers.
  if (what.is_unanswered && now() + time <= what.give_up_at)
    return pause(call_id, what, time);
  auto end = is_account_refused && !what.is_doubtful
               ? ours("the provider refuses our credential or credit")
               : given_up(what, "the provider is away");
  end.retry_after_seconds = whole_seconds(time);
  finish(call_id, std::move(end));
}

void provider_state::pause(uint64_t call_id, task& what, std::chrono::milliseconds time) {
  ++what.step;
  self_->delayed_send(self_, time, wake_atom_v, call_id, what.step);
}

void provider_state::wake(uint64_t call_id, uint32_t step) {
  if (call_id == catalogue_call)
    return fetch_page();
  if (questions_.contains(call_id))
    return ask(call_id);
  auto found = tasks_.find(call_id);
  if (found != tasks_.end() && found->second.step == step)
    proceed(call_id);
}

void provider_state::finish(uint64_t call_id, provider_outcome outcome) {
  auto found = tasks_.find(call_id);
  auto& what = found->second;
  outcomes_
    ->Add(
      {{"provider", settings_.name}, {"outcome", std::string{meisim::to_string(outcome.verdict)}}})
    .Increment();
  if (outcome.verdict == provider_verdict::placed)
    refusals_gauge_->Set(0);
  else if (outcome.verdict == provider_verdict::refused)
    refusals_gauge_->Increment();
  if (outcome.verdict != provider_verdict::placed && outcome.verdict != provider_verdict::absent)
    log_warn("provider {}: order {} ({}): {}, {}", settings_.name, what.order.reference,
             what.order.product, meisim::to_string(outcome.verdict), outcome.reason);
  if (!outcome.bought.cost)
    outcome.bought.cost = what.cost;
  forget(what, outcome.verdict);
  what.promise.deliver(std::move(outcome));
  // The answer to a call under way is still heard, because it may tell of our account.
  if (what.is_under_way)
    what.is_over = true;
  else
    tasks_.erase(found);
}

provider_outcome provider_state::given_up(const task& what, std::string reason) const {
  bool is_being_ordered = what.is_under_way && !what.looking_up && !what.is_being_checked;
  if (what.is_doubtful || is_being_ordered || what.order.only_look_up)
    return unknown(std::move(reason), retry_after());
  return unavailable(std::move(reason), retry_after());
}

provider_outcome provider_state::out_of_time(const task& what, const std::string& reason) const {
  return given_up(what, what.last_words.empty() ? reason : what.last_words);
}

std::chrono::milliseconds provider_state::backoff(uint32_t tries) {
  auto doubled = settings_.first_pause * (int64_t{1} << std::min(tries - 1, 20u));
  auto time = std::min<std::chrono::milliseconds>(doubled, settings_.longest_pause);
  std::uniform_int_distribution<int64_t> chance{time.count() / 2, time.count()};
  return std::chrono::milliseconds{chance(random_)};
}

int32_t provider_state::retry_after() const {
  return whole_seconds(breaker_.wait(now()));
}

void provider_state::end_overdue() {
  std::vector<uint64_t> overdue;
  for (const auto& [call_id, what] : tasks_)
    if (!what.is_over && now() >= what.give_up_at)
      overdue.push_back(call_id);
  for (auto call_id : overdue) {
    const auto& what = tasks_.at(call_id);
    finish(call_id, out_of_time(what, "the provider takes too long"));
  }
}

} // namespace meisim

#include "actors/orders/provider.hpp"

#include "actors/base/web_client.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

std::string_view to_string(circuit_state state) {
  switch (state) {
  case circuit_state::closed:
    return "closed";
  case circuit_state::half_open:
    return "half-open";
  case circuit_state::open:
    return "open";
  }
  return "open";
}

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

} // namespace

web_submit connect_web(const provider_actor& answers_to) {
  auto client = std::make_shared<web_client>(
    [answers_to](web_answer answer) { caf::anon_send(answers_to, std::move(answer)); });
  return [client](web_request request) { client->submit(std::move(request)); };
}

void provider_state::start(pointer self, provider_settings settings, const web_connector& connect,
                           prometheus::Registry& registry) {
  self_ = self;
  settings_ = std::move(settings);
  while (settings_.url.ends_with('/'))
    settings_.url.pop_back();
  submit_ = connect(provider_actor{self});
  breaker_ = circuit_breaker{settings_.circuit};
  circuit_gauge_ = &prometheus::BuildGauge()
                      .Name("meisim_provider_circuit")
                      .Help("Whether the provider is called: 0 yes, 1 it is probed, 2 no")
                      .Register(registry)
                      .Add({{"provider", settings_.name}});
  outcomes_ = &prometheus::BuildCounter()
                 .Name("meisim_provider_orders_total")
                 .Help("Orders and look-ups at the provider by their outcome")
                 .Register(registry);
  self->send(self, tick_atom_v);
}

// -- orders ---------------------------------------------------------------------------------------

caf::typed_response_promise<provider_outcome> provider_state::accept(provider_order order,
                                                                     bool only_look_up) {
  auto promise = self_->make_response_promise<provider_outcome>();
  if (tasks_.size() >= settings_.most_tasks) {
    promise.deliver(only_look_up ? unknown("too many orders are under way", 1)
                                 : unavailable("too many orders are under way", 1));
    return promise;
  }
  auto call_id = ++last_call_id_;
  task what;
  what.maybe_bought = order.may_be_placed;
  what.looking_up = only_look_up || order.may_be_placed;
  what.only_look_up = only_look_up;
  what.order = std::move(order);
  what.order.product = bare(what.order.product);
  if (what.order.top_up)
    what.order.top_up->network = bare(what.order.top_up->network);
  what.give_up_at = now() + settings_.patience;
  what.promise = promise;
  tasks_.emplace(call_id, std::move(what));
  proceed(call_id);
  return promise;
}

void provider_state::proceed(uint64_t call_id) {
  if (under_way_ >= settings_.concurrency) {
    waiting_.push_back(call_id);
    return;
  }
  auto& what = tasks_.at(call_id);
  auto before = breaker_.state();
  if (!breaker_.try_pass(now())) {
    hold_back(call_id, what);
    return;
  }
  show_circuit(before);
  call(call_id, what);
}

void provider_state::call(uint64_t call_id, const task& what) {
  ++under_way_;
  const auto& format = *settings_.format;
  auto request =
    request_for(what.looking_up ? format.look_up_call(what.order) : format.order_call(what.order));
  request.call_id = call_id;
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
  note_health(answer);
  if (answer.call_id == catalogue_call) {
    take_catalogue(answer);
    return;
  }
  if (auto asked = questions_.find(answer.call_id); asked != questions_.end())
    return take_text(asked->first, asked->second, std::move(answer));
  --under_way_;
  if (auto found = tasks_.find(answer.call_id); found != tasks_.end())
    decide(answer.call_id, found->second, answer);
  call_waiting();
}

void provider_state::decide(uint64_t call_id, task& what, const web_answer& answer) {
  auto outcome = read_outcome(*settings_.format, answer, what.order, what.looking_up);
  if (outcome.verdict == provider_verdict::placed || outcome.verdict == provider_verdict::refused)
    finish(call_id, std::move(outcome));
  else if (what.looking_up)
    decide_look_up(call_id, what, std::move(outcome));
  else
    decide_order(call_id, what, outcome);
}

void provider_state::decide_order(uint64_t call_id, task& what, const provider_outcome& outcome) {
  if (outcome.verdict == provider_verdict::unknown) {
    what.maybe_bought = true;
    what.looking_up = true;
  }
  try_later(call_id, what, outcome);
}

void provider_state::decide_look_up(uint64_t call_id, task& what, provider_outcome outcome) {
  if (outcome.verdict == provider_verdict::absent) {
    if (what.only_look_up) {
      finish(call_id, std::move(outcome));
      return;
    }
    // It never arrived, or is still on its way: in either case the same reference may be sent once
    // more.
    what.looking_up = false;
  }
  try_later(call_id, what, outcome);
}

void provider_state::try_later(uint64_t call_id, task& what, const provider_outcome& because) {
  ++what.tries;
  auto time = backoff(what.tries);
  bool tried_enough = !what.maybe_bought && what.tries >= settings_.most_tries;
  if (tried_enough || now() + time > what.give_up_at) {
    finish(call_id, given_up(what, because.reason));
    return;
  }
  pause(call_id, what, time);
}

void provider_state::hold_back(uint64_t call_id, task& what) {
  auto time = std::max<std::chrono::milliseconds>(breaker_.wait(now()), settings_.first_pause);
  if (what.maybe_bought && now() + time <= what.give_up_at)
    pause(call_id, what, time);
  else
    finish(call_id, given_up(what, "the provider is away"));
}

void provider_state::pause(uint64_t call_id, task& what, std::chrono::milliseconds time) {
  ++what.step;
  self_->delayed_send(self_, time, wake_atom_v, call_id, what.step);
}

void provider_state::wake(uint64_t call_id, uint32_t step) {
  if (questions_.contains(call_id))
    return ask(call_id);
  auto found = tasks_.find(call_id);
  if (found != tasks_.end() && found->second.step == step)
    proceed(call_id);
}

void provider_state::finish(uint64_t call_id, provider_outcome outcome) {
  auto found = tasks_.find(call_id);
  auto what = std::move(found->second);
  tasks_.erase(found);
  outcomes_
    ->Add(
      {{"provider", settings_.name}, {"outcome", std::string{meisim::to_string(outcome.verdict)}}})
    .Increment();
  if (outcome.verdict != provider_verdict::placed)
    log_warn("provider {}: order {} ({}): {}, {}", settings_.name, what.order.reference,
             what.order.product, meisim::to_string(outcome.verdict), outcome.reason);
  what.promise.deliver(std::move(outcome));
}

provider_outcome provider_state::given_up(const task& what, std::string reason) const {
  if (what.maybe_bought || what.only_look_up)
    return unknown(std::move(reason), retry_after());
  return unavailable(std::move(reason), retry_after());
}

std::chrono::milliseconds provider_state::backoff(uint32_t tries) {
  auto doubled = settings_.first_pause * (int64_t{1} << std::min(tries - 1, 20u));
  auto time = std::min<std::chrono::milliseconds>(doubled, settings_.longest_pause);
  std::uniform_int_distribution<int64_t> chance{time.count() / 2, time.count()};
  return std::chrono::milliseconds{chance(random_)};
}

int32_t provider_state::retry_after() const {
  auto seconds = std::chrono::ceil<std::chrono::seconds>(breaker_.wait(now()));
  return std::max(1, static_cast<int32_t>(seconds.count()));
}

// -- calls ----------------------------------------------------------------------------------------

std::chrono::steady_clock::time_point provider_state::now() const {
  return self_->clock().now();
}

web_request provider_state::request_for(provider_call call) const {
  web_request request;
  request.call_id = catalogue_call;
  request.method = std::move(call.method);
  request.url = settings_.url + call.path;
  request.headers = {"Accept: application/json"};
  if (!settings_.api_key.empty())
    request.headers.push_back(settings_.format->credential(settings_.api_key));
  if (!call.body.empty())
    request.headers.push_back("Content-Type: application/json");
  request.body = std::move(call.body);
  request.connect_timeout = settings_.connect_timeout;
  request.timeout = settings_.timeout;
  return request;
}

std::string provider_state::bare(const std::string& ours) const {
  auto size = settings_.name.size() + 1;
  return settings_.has_bare_names && ours.size() > size ? ours.substr(size) : ours;
}

void provider_state::note_health(const web_answer& answer) {
  auto before = breaker_.state();
  if (answer.failure == web_failure::none && answer.status < 500)
    breaker_.succeeded();
  else
    breaker_.failed(now());
  show_circuit(before);
}

void provider_state::show_circuit(circuit_state before) {
  if (breaker_.state() == before)
    return;
  circuit_gauge_->Set(static_cast<double>(breaker_.state()));
  log_warn("provider {}: the circuit was {} and is {}", settings_.name, to_string(before),
           to_string(breaker_.state()));
}

// -- behaviour ------------------------------------------------------------------------------------

provider_actor::behavior_type provider(provider_state::pointer self, provider_settings settings,
                                       const web_connector& connect,
                                       const std::shared_ptr<prometheus::Registry>& registry) {
  self->state.start(self, std::move(settings), connect, *registry);
  // The registry has to live as long as what is counted in it.
  self->attach_functor([registry] {});
  return {
    [self](load_catalogue) { return self->state.view(); },
    [self](const provider_order& order) { return self->state.accept(order, false); },
    [self](const find_provider_order& question) {
      provider_order order{question.reference, {}, {}};
      if (question.is_top_up)
        order.top_up.emplace();
      return self->state.accept(std::move(order), true);
    },
    [self](const esim_question& question) { return self->state.ask_about(question); },
    [self](const sim_question& question) { return self->state.ask_about(question); },
    [self](web_answer& answer) { self->state.handle(std::move(answer)); },
    [self](wake_atom, uint64_t call_id, uint32_t step) { self->state.wake(call_id, step); },
    [self](tick_atom) { self->state.tick(); },
  };
}

} // namespace meisim

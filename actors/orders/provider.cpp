#include "actors/orders/provider.hpp"

#include "actors/base/web_client.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

provider_circuit shown(circuit_state state) {
  switch (state) {
  case circuit_state::closed:
    return provider_circuit::closed;
  case circuit_state::half_open:
    return provider_circuit::half_open;
  case circuit_state::open:
    break;
  }
  return provider_circuit::open;
}

} // namespace

void provider_state::start(pointer self, provider_settings settings, const web_connector& connect,
                           prometheus::Registry& registry) {
  self_ = self;
  settings_ = std::move(settings);
  while (settings_.url.ends_with('/'))
    settings_.url.pop_back();
  submit_ = connect(provider_actor{self});
  if (settings_.observer)
    submit_ = [next = submit_, seen = settings_.observer](web_request request) {
      seen->asked(request);
      next(std::move(request));
    };
  breaker_ = circuit_breaker{settings_.circuit};
  auto of_account = settings_.circuit;
  of_account.failures_to_open = 1;
  account_breaker_ = circuit_breaker{of_account};
  const auto& format = *settings_.format;
  call_pace_ = call_pace{format.call_pause, format.call_burst};
  order_pace_ = call_pace{format.order_pause};
  circuit_gauge_ = &prometheus::BuildGauge()
                      .Name("meisim_provider_circuit")
                      .Help("Whether the provider is called: 0 yes, 1 it is probed, 2 no")
                      .Register(registry)
                      .Add({{"provider", settings_.name}});
  account_gauge_ = &prometheus::BuildGauge()
                      .Name("meisim_provider_account_refused")
                      .Help("1 while the provider refuses orders for our credential or our credit")
                      .Register(registry)
                      .Add({{"provider", settings_.name}});
  refused_gauge_ = &prometheus::BuildGauge()
                      .Name("meisim_provider_lines_refused")
                      .Help("Lines of the provider's catalogue that are not sold for their price")
                      .Register(registry)
                      .Add({{"provider", settings_.name}});
  refusals_gauge_ = &prometheus::BuildGauge()
                       .Name("meisim_provider_refused_in_a_row")
                       .Help("Orders that the provider has refused since the last that it took")
                       .Register(registry)
                       .Add({{"provider", settings_.name}});
  gone_counter_ = &prometheus::BuildCounter()
                     .Name("meisim_provider_products_gone_total")
                     .Help("Products that the provider has taken out of its catalogue")
                     .Register(registry)
                     .Add({{"provider", settings_.name}});
  balances_ = &prometheus::BuildGauge()
                 .Name("meisim_provider_balance_usd")
                 .Help("What is left on our account at the provider, in dollars")
                 .Register(registry);
  outcomes_ = &prometheus::BuildCounter()
                 .Name("meisim_provider_orders_total")
                 .Help("Orders and look-ups at the provider by their outcome")
                 .Register(registry);
  call_seconds_ = &prometheus::BuildHistogram()
                     .Name("meisim_provider_seconds")
                     .Help("Seconds that calls of the provider took, by the class of its answer")
                     .Register(registry);
  status_.prefix = settings_.name;
  status_.format = format.name;
  status_.low_balance = settings_.low_balance;
  tell_status();
  self->send(self, tick_atom_v);
}

// -- calls ----------------------------------------------------------------------------------------

std::chrono::steady_clock::time_point provider_state::now() const {
  return self_->clock().now();
}

web_request provider_state::request_for(provider_call call) const {
  web_request request;
  request.call_id = catalogue_call;
  request.method = std::move(call.method);
  bool is_elsewhere = !call.path.starts_with('/');
  request.url = is_elsewhere ? call.path : settings_.url + call.path;
  request.headers = {"Accept: " + std::string{call.accept}};
  auto secret = settings_.format->token_call ? token_ : settings_.api_key.text();
  if (!secret.empty())
    request.headers.push_back(settings_.format->credential(secret));
  if (settings_.format->sign != nullptr)
    for (auto& line : settings_.format->sign(secret, call.body, meisim::now()))
      request.headers.push_back(std::move(line));
  if (!call.body.empty())
    request.headers.push_back("Content-Type: " + std::string{call.content_type});
  request.body = std::move(call.body);
  request.connect_timeout = settings_.connect_timeout;
  request.timeout = settings_.timeout;
  return request;
}

std::string provider_state::bare(const std::string& ours) const {
  auto size = settings_.name.size() + 1;
  return settings_.has_bare_names && ours.size() > size ? ours.substr(size) : ours;
}

std::string provider_state::qualified(const std::string& bare) const {
  return settings_.has_bare_names ? settings_.name + ':' + bare : bare;
}

std::chrono::milliseconds provider_state::take_turn(bool is_order) {
  constexpr std::chrono::milliseconds token_pause{100};
  if (!has_token())
    return token_pause;
  auto time = call_pace_.wait(now());
  if (is_order)
    time = std::max(time, order_pace_.wait(now()));
  if (time.count() > 0)
    return time;
  call_pace_.take(now());
  if (is_order)
    order_pace_.take(now());
  return time;
}

void provider_state::note_health(const web_answer& answer) {
  auto before = breaker_.state();
  if (answer.failure == web_failure::none && answer.status < 500)
    breaker_.succeeded();
  else
    breaker_.failed(now());
  show_circuit(before);
}

void provider_state::note_time(const web_answer& answer) {
  auto kind = answer.failure == web_failure::none ? fmt::format("{}xx", answer.status / 100)
                                                  : std::string{"none"};
  call_seconds_
    ->Add({{"provider", settings_.name}, {"class", kind}},
          prometheus::Histogram::BucketBoundaries{0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30})
    .Observe(std::chrono::duration<double>{answer.took}.count());
  recent_calls_.note(now(), answer);
}

void provider_state::show_circuit(circuit_state before) {
  if (breaker_.state() == before)
    return;
  circuit_gauge_->Set(static_cast<double>(breaker_.state()));
  log_warn("provider {}: the circuit was {} and is {}", settings_.name, to_string(shown(before)),
           to_string(shown(breaker_.state())));
  tell_status();
}

void provider_state::tell_status() {
  status_.circuit = shown(breaker_.state());
  status_.is_account_refused = account_gauge_->Value() > 0;
  status_.retry_at =
    meisim::now() + std::max({breaker_.wait(now()), account_breaker_.wait(now()), token_wait()});
  status_.catalogue_at = catalogue_ ? catalogue_->fetched_at : instant{};
  status_.calls = recent_calls_.figures(now());
  settings_.tell(status_);
}

void provider_state::tell_calls() {
  if (recent_calls_.figures(now()) != status_.calls)
    tell_status();
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
    [self](const provider_order& order) { return self->state.accept(order); },
    [self](const esim_question& question) { return self->state.ask_about(question); },
    [self](const sim_question& question) { return self->state.ask_about(question); },
    [self](const provider_list_question& question) { return self->state.ask_for_list(question); },
    [self](web_answer& answer) { self->state.handle(std::move(answer)); },
    [self](wake_atom, uint64_t call_id, uint32_t step) { self->state.wake(call_id, step); },
    [self](tick_atom) { self->state.tick(); },
  };
}

} // namespace meisim

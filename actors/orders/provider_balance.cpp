#include "actors/orders/provider.hpp"
#include "protocols/base/log.hpp"

// What is left on our account at a provider.

namespace meisim {

void provider_state::ask_balance() {
  bool is_due = !balance_asked_at_ || now() - *balance_asked_at_ >= settings_.balance_lifetime;
  if (settings_.format->balance_call == nullptr || !is_due || !breaker_.would_pass(now())
      || take_turn(false).count() > 0)
    return;
  auto before = breaker_.state();
  breaker_.try_pass(now());
  show_circuit(before);
  balance_asked_at_ = now();
  auto request = request_for(settings_.format->balance_call());
  request.call_id = balance_call;
  submit_(std::move(request));
}

void provider_state::take_balance(const web_answer& answer) {
  auto told = answer.failure == web_failure::none && answer.status == 200
                ? settings_.format->read_balance(answer.body)
                : std::nullopt;
  auto balance = told ? dollars_up(told->amount, told->currency, settings_.rates) : std::nullopt;
  if (!balance) {
    log_warn("provider {}: the balance could not be had: status {}, {}", settings_.name,
             answer.status, told ? "in " + told->currency : "nothing that can be read");
    return;
  }
  if (balance_gauge_ == nullptr)
    balance_gauge_ = &balances_->Add({{"provider", settings_.name}});
  balance_gauge_->Set(static_cast<double>(balance->cents()) / 100);
  // A balance that goes up and down about the limit is told of once.
  auto limit = settings_.low_balance.cents();
  bool is_low = balance->cents() < (is_low_ ? limit + limit / 10 : limit);
  if (is_low && !is_low_)
    log_error("provider {}: only ${} is left on the account", settings_.name, to_string(*balance));
  if (!is_low && is_low_)
    log_info("provider {}: there is ${} on the account again", settings_.name, to_string(*balance));
  is_low_ = is_low;
  status_.balance = *balance;
  status_.balance_at = meisim::now();
  tell_status();
}

} // namespace meisim

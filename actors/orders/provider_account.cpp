#include "actors/orders/provider.hpp"
#include "protocols/base/log.hpp"

// Whether a provider takes orders on our account, or refuses our credential or credit.

namespace meisim {

void provider_state::note_account(const provider_outcome& outcome) {
  auto before = account_breaker_.state();
  switch (outcome.verdict) {
  case provider_verdict::placed:
  case provider_verdict::refused:
  case provider_verdict::contested:
    account_breaker_.succeeded();
    break;
  case provider_verdict::ours:
    account_breaker_.failed(now());
    break;
  case provider_verdict::unknown:
  case provider_verdict::unavailable:
  case provider_verdict::absent:
    // This tells nothing about a probe: the next one is due after another pause.
    if (before == circuit_state::half_open)
      account_breaker_.failed(now());
  }
  bool is_refused = account_breaker_.state() != circuit_state::closed;
  if (is_refused || before != circuit_state::closed)
    show_account();
  if (is_refused && before == circuit_state::closed)
    log_error("provider {}: it refuses our credential or credit, orders are held: {}",
              settings_.name, outcome.reason);
  if (!is_refused && before != circuit_state::closed)
    log_info("provider {}: it takes our orders again", settings_.name);
}

void provider_state::show_account() {
  bool is_refused = is_token_refused_ || account_breaker_.state() != circuit_state::closed;
  account_gauge_->Set(is_refused ? 1 : 0);
  tell_status();
}

} // namespace meisim

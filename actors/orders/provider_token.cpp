#include "actors/orders/provider.hpp"
#include "protocols/base/log.hpp"

#include <algorithm>
#include <utility>

// The tokens of providers that do not take our credentials themselves.

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// Some allow three a minute.
constexpr auto pause_after_failure = 20s;

} // namespace

bool provider_state::has_token() {
  const auto& format = *settings_.format;
  if (format.token_call == nullptr || (!token_.empty() && now() < token_ends_at_))
    return true;
  if (is_token_asked_for_ || now() < token_not_before_)
    return false;
  // The circuit is not asked, because the call that it lets through as a probe may be waiting for
  // this token.
  is_token_asked_for_ = true;
  token_.clear();
  auto request = request_for(format.token_call(settings_.api_key.text(), settings_.url));
  request.call_id = token_call;
  submit_(std::move(request));
  return false;
}

void provider_state::take_token(const web_answer& answer) {
  is_token_asked_for_ = false;
  auto got = answer.failure == web_failure::none && answer.status == 200
               ? settings_.format->read_token(answer.body)
               : std::nullopt;
  if (!got) {
    token_not_before_ = now() + pause_after_failure;
    log_error("provider {}: it gives us no token: status {} {}", settings_.name, answer.status,
              answer.error);
    is_token_refused_ = answer.status == 401 || answer.status == 422;
    return show_account();
  }
  token_ = std::move(got->text);
  ++token_number_;
  // The last tenth of its life is left for calls under way, and for clocks that differ.
  token_ends_at_ = now() + std::min<std::chrono::seconds>(got->lifetime, 24h) * 9 / 10;
  is_token_refused_ = false;
  show_account();
}

std::chrono::milliseconds provider_state::token_wait() const {
  bool is_refused = settings_.format->token_call != nullptr && token_.empty() && is_token_refused_;
  return is_refused && now() < token_not_before_
           ? std::chrono::ceil<std::chrono::milliseconds>(token_not_before_ - now())
           : std::chrono::milliseconds{0};
}

bool provider_state::renews_token(const web_answer& answer, uint64_t used, bool& has_new_token) {
  if (settings_.format->token_call == nullptr || answer.failure != web_failure::none
      || answer.status != 401)
    return false;
  if (used == token_number_)
    token_.clear();
  return !std::exchange(has_new_token, true);
}

} // namespace meisim

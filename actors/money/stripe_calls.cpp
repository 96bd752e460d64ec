#include "actors/money/stripe_calls.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

/// Whether the same request may do better later: Stripe was not reached, is in trouble, or is still
/// at work on the same idempotency key.
bool may_be_repeated(const web_answer& answer) {
  return answer.failure != web_failure::none || answer.status >= 500 || answer.status == 409
         || answer.status == 429;
}

} // namespace

void stripe_calls::start(stripe_actor::pointer self, const stripe_settings& settings,
                         web_submit submit, prometheus::Registry& registry) {
  self_ = self;
  settings_ = &settings;
  submit_ = std::move(submit);
  breaker_ = circuit_breaker{settings.circuit};
  circuit_gauge_ = &prometheus::BuildGauge()
                      .Name("meisim_stripe_circuit")
                      .Help("Whether Stripe is called: 0 yes, 1 it is probed, 2 no")
                      .Register(registry)
                      .Add({});
}

web_request stripe_calls::request_to(const std::string& path) const {
  web_request request;
  request.url = settings_->url + path;
  request.headers = {"Accept: application/json",
                     "Authorization: Bearer " + settings_->api_key.text()};
  request.connect_timeout = settings_->connect_timeout;
  request.timeout = settings_->timeout;
  return request;
}

void stripe_calls::get(const std::string& path, call_end ended) {
  send(request_to(path), std::move(ended));
}

void stripe_calls::post(const std::string& path, payment_id payment, std::string form,
                        call_end ended) {
  auto request = request_to(path);
  request.method = "POST";
  request.headers.push_back("Content-Type: application/x-www-form-urlencoded");
  request.headers.push_back("Idempotency-Key: " + to_string(payment));
  request.body = std::move(form);
  send(std::move(request), std::move(ended));
}

void stripe_calls::send(web_request request, call_end ended) {
  if (calls_.size() >= settings_->most_calls)
    return ended(make_error(ec::unavailable, "too many payments are under way"));
  auto call_id = ++last_call_id_;
  request.call_id = call_id;
  auto give_up_at = self_->clock().now() + settings_->patience;
  calls_.emplace(call_id, call{std::move(request), 0, give_up_at, std::move(ended)});
  proceed(call_id);
}

void stripe_calls::proceed(uint64_t call_id) {
  auto& what = calls_.at(call_id);
  if (!breaker_.try_pass(self_->clock().now()))
    return end(call_id,
               make_error(cause::vendor_unreachable, "the payment service cannot be reached"));
  show_circuit();
  ++what.tries;
  auto request = what.request;
  auto left =
    std::chrono::duration_cast<std::chrono::milliseconds>(what.give_up_at - self_->clock().now());
  request.timeout = std::clamp(left, std::chrono::milliseconds{1}, settings_->timeout);
  submit_(std::move(request));
}

void stripe_calls::wake(uint64_t call_id) {
  if (calls_.contains(call_id))
    proceed(call_id);
}

void stripe_calls::handle(const web_answer& answer) {
  if (answer.failure == web_failure::none && answer.status < 500)
    breaker_.succeeded();
  else
    breaker_.failed(self_->clock().now());
  show_circuit();
  if (!calls_.contains(answer.call_id))
    return;
  if (may_be_repeated(answer))
    return try_later(answer.call_id, answer);
  if (answer.status >= 200 && answer.status < 300)
    return end(answer.call_id, answer.body);
  log_error("Stripe refused a request: {} {}", answer.status, error_from_wire(answer.body));
  end(answer.call_id, answer.status == 404
                        ? make_error(ec::not_found, "Stripe has no such thing")
                        : make_error(ec::vendor_error, "the payment service refused the request"));
}

void stripe_calls::try_later(uint64_t call_id, const web_answer& answer) {
  const auto& what = calls_.at(call_id);
  auto longest = settings_->first_pause.count() << std::min(what.tries, 10u);
  std::chrono::milliseconds pause{
    std::uniform_int_distribution<int64_t>{longest / 4, longest / 2}(random_)};
  log_warn("Stripe did not answer a request (try {}): {} {}", what.tries, answer.status,
           answer.error);
  if (what.tries >= settings_->most_tries || self_->clock().now() + pause > what.give_up_at)
    return end(call_id,
               make_error(cause::vendor_unreachable, "the payment service cannot be reached"));
  self_->delayed_send(self_, pause, wake_atom_v, call_id);
}

void stripe_calls::end(uint64_t call_id, const caf::expected<std::string>& how) {
  auto ended = std::move(calls_.at(call_id).ended);
  calls_.erase(call_id);
  ended(how);
}

void stripe_calls::show_circuit() {
  circuit_gauge_->Set(static_cast<double>(breaker_.state()));
}

} // namespace meisim

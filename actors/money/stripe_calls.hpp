#pragma once

#include "actors/base/circuit_breaker.hpp"
#include "actors/base/web_client.hpp"
#include "protocols/base/kept_secret.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/stripe.hpp"

#include <caf/expected.hpp>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <unordered_map>

namespace meisim {

/// How to speak to Stripe.
struct stripe_settings {
  std::string url;
  /// Both are secrets. Without them the node takes no payments.
  kept_secret api_key;
  kept_secret webhook_secret;
  /// What a page of ours shows to Stripe.
  std::string publishable_key;
  stripe_fee fee;
  /// Where Stripe's page sends the dealer.
  std::string success_url;
  std::string cancel_url;
  /// Stripe keeps this with each payment of ours. It tells them from those of another installation
  /// that has the same account.
  std::string installation;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds timeout{6'000};
  uint32_t most_tries = 3;
  /// When a call is given up in any case: before the one who waits for it is sent away.
  std::chrono::milliseconds patience{9'000};
  std::chrono::milliseconds first_pause{300};
  /// Calls that may be at work; the next is turned away as `unavailable`.
  size_t most_calls = 1'000;
  circuit_settings circuit;
};

/// The calls to Stripe that are under way. Each is repeated until it has an answer or its time is
/// over. All are harmless to repeat, because they only read or carry an idempotency key.
class stripe_calls {
public:
  /// `not_found` if there is no such thing, `unavailable` if Stripe was not reached, else
  /// `vendor_error`; or the body of the answer.
  using call_end = std::function<void(const caf::expected<std::string>&)>;

  void start(stripe_actor::pointer self, const stripe_settings& settings, web_submit submit,
             prometheus::Registry& registry);

  void get(const std::string& path, call_end ended);

  /// Asks for something to be made for a payment, once.
  void post(const std::string& path, payment_id payment, std::string form, call_end ended);

  /// A call has its answer.
  void handle(const web_answer& answer);

  /// Makes a call again after its pause.
  void wake(uint64_t call_id);

private:
  struct call {
    web_request request;
    uint32_t tries = 0;
    std::chrono::steady_clock::time_point give_up_at;
    call_end ended;
  };

  web_request request_to(const std::string& path) const;
  void send(web_request request, call_end ended);
  void proceed(uint64_t call_id);
  void try_later(uint64_t call_id, const web_answer& answer);
  void end(uint64_t call_id, const caf::expected<std::string>& how);
  void show_circuit();

  stripe_actor::pointer self_ = nullptr;
  const stripe_settings* settings_ = nullptr;
  web_submit submit_;
  circuit_breaker breaker_;
  std::minstd_rand random_{std::random_device{}()};
  std::unordered_map<uint64_t, call> calls_;
  uint64_t last_call_id_ = 0;
  prometheus::Gauge* circuit_gauge_ = nullptr;
};

} // namespace meisim

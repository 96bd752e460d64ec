#pragma once

#include "actors/base/circuit_breaker.hpp"
#include "actors/base/web_client.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>

namespace meisim {

/// How to speak to Stripe.
struct stripe_settings {
  std::string url;
  /// Both are secrets. Without them the node takes no payments.
  std::string api_key;
  std::string webhook_secret;
  /// What a page of ours shows to Stripe.
  std::string publishable_key;
  stripe_fee fee;
  /// Where Stripe's page sends the dealer.
  std::string success_url;
  std::string cancel_url;
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

/// Makes the way out for the actor that is to get the answers.
using stripe_connector = std::function<web_submit(stripe_actor)>;

class stripe_state {
public:
  static inline const char* name = "stripe";

  using pointer = stripe_actor::stateful_pointer<stripe_state>;

  void start(pointer self, stripe_settings settings, payment_store_actor store, region_actor region,
             const stripe_connector& connect, prometheus::Registry& registry);

  /// Writes the payment down, asks Stripe, and answers the sender once both are done.
  caf::result<topup_started> begin(const start_topup& wish);

  /// Does what an event says, and answers the sender after the commit.
  caf::result<done> take(const stripe_letter& letter);

  void handle(const web_answer& answer);

  /// Makes a call again after its pause.
  void wake(uint64_t call_id);

private:
  using call_end = std::function<void(const caf::expected<std::string>&)>;

  /// A request that is repeated until it has an answer, or patience is at its end. All our requests
  /// are harmless to repeat: they read, or carry an idempotency key.
  struct call {
    web_request request;
    uint32_t tries = 0;
    std::chrono::steady_clock::time_point give_up_at;
    call_end ended;
  };

  struct letter_in_work {
    stripe_event event;
    int steps = 0;
    caf::typed_response_promise<done> promise;
  };
  using letter_pointer = std::shared_ptr<letter_in_work>;

  void ask_stripe(const begun_payment& begun, const start_topup& wish,
                  caf::typed_response_promise<topup_started> promise);
  void finish(const begun_payment& begun, payment_kind kind, const stripe_object& made,
              caf::typed_response_promise<topup_started> promise);

  /// Finds the payment and takes its next step, until there is none.
  void work_on(const letter_pointer& letter);
  void step(const letter_pointer& letter, const stripe_payment& payment);
  void settle(const letter_pointer& letter, const stripe_payment& payment);
  /// For an event that names only an intent that we do not know: Stripe says whose it is.
  void look_up_intent(const letter_pointer& letter);
  void ignore(const letter_pointer& letter, std::string_view why);

  web_request request_to(const std::string& path, payment_id payment) const;
  void send(web_request request, call_end ended);
  void proceed(uint64_t call_id);
  void try_later(uint64_t call_id, const web_answer& answer);
  void end(uint64_t call_id, const caf::expected<std::string>& how);
  void show_circuit();
  void count_event(const stripe_event& event, std::string_view outcome);

  pointer self_ = nullptr;
  stripe_settings settings_;
  payment_store_actor store_;
  region_actor region_;
  web_submit submit_;
  circuit_breaker breaker_;
  std::minstd_rand random_{std::random_device{}()};
  std::unordered_map<uint64_t, call> calls_;
  uint64_t last_call_id_ = 0;
  prometheus::Gauge* circuit_gauge_ = nullptr;
  prometheus::Family<prometheus::Counter>* events_ = nullptr;
};

/// Spawns as STRIPE. It never blocks: calls go out by `connect`, answers come back as messages. It
/// has to be told to exit.
stripe_actor::behavior_type stripe(stripe_state::pointer self, stripe_settings settings,
                                   payment_store_actor store, region_actor region,
                                   const stripe_connector& connect,
                                   const std::shared_ptr<prometheus::Registry>& registry);

} // namespace meisim

#include "actors/money/stripe.hpp"

#include "actors/money/ask_wallet.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/base/url.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_signature.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

/// An event asks for two postings at most; the rest is for those that come between.
constexpr int most_steps = 16;

/// Whether the same request may do better later: Stripe was not reached, is in trouble, or is still
/// at work on the same idempotency key.
bool may_be_repeated(const web_answer& answer) {
  return answer.failure != web_failure::none || answer.status >= 500 || answer.status == 409
         || answer.status == 429;
}

} // namespace

void stripe_state::start(pointer self, stripe_settings settings, payment_store_actor store,
                         region_actor region, const stripe_connector& connect,
                         prometheus::Registry& registry) {
  self_ = self;
  settings_ = std::move(settings);
  while (settings_.url.ends_with('/'))
    settings_.url.pop_back();
  store_ = std::move(store);
  region_ = std::move(region);
  submit_ = connect(stripe_actor{self});
  breaker_ = circuit_breaker{settings_.circuit};
  circuit_gauge_ = &prometheus::BuildGauge()
                      .Name("meisim_stripe_circuit")
                      .Help("Whether Stripe is called: 0 yes, 1 it is probed, 2 no")
                      .Register(registry)
                      .Add({});
  events_ = &prometheus::BuildCounter()
               .Name("meisim_stripe_events_total")
               .Help("Events of Stripe by type and what came of them")
               .Register(registry);
}

// -- payments that begin --------------------------------------------------------------------------

caf::result<topup_started> stripe_state::begin(const start_topup& wish) {
  if (settings_.api_key.empty())
    return make_error(ec::unavailable, "card payments are not set up");
  auto promise = self_->make_response_promise<topup_started>();
  self_->request(store_, caf::infinite, begin_payment{wish, settings_.fee.gross_for(wish.net)})
    .then(
      [this, wish, promise](const begun_payment& begun) mutable {
        if (begun.means.are_there())
          promise.deliver(topup_started{begun.net, begun.gross, begun.means, true});
        else
          ask_stripe(begun, wish, promise);
      },
      [promise](const caf::error& failure) mutable { promise.deliver(failure); });
  return promise;
}

void stripe_state::ask_stripe(const begun_payment& begun, const start_topup& wish,
                              caf::typed_response_promise<topup_started> promise) {
  payment_terms terms{
    begun.id, wish.email, begun.net, begun.gross, settings_.success_url, settings_.cancel_url};
  bool is_session = wish.kind == payment_kind::session;
  auto request = request_to(is_session ? "/v1/checkout/sessions" : "/v1/payment_intents", begun.id);
  request.method = "POST";
  request.body = is_session ? session_form(terms) : intent_form(terms);
  send(std::move(request),
       [this, begun, kind = wish.kind, promise](const caf::expected<std::string>& answer) mutable {
         if (!answer) {
           promise.deliver(answer.error());
           return;
         }
         auto made = object_from_wire(*answer);
         if (!made || (made->url.empty() && made->client_secret.empty())) {
           log_error("payment {}: Stripe's answer cannot be read", to_string(begun.id));
           promise.deliver(make_error(ec::vendor_error, "the payment could not be prepared"));
           return;
         }
         finish(begun, kind, *made, promise);
       });
}

void stripe_state::finish(const begun_payment& begun, payment_kind kind, const stripe_object& made,
                          caf::typed_response_promise<topup_started> promise) {
  finish_payment result;
  result.id = begun.id;
  result.reference = made.id;
  result.intent = kind == payment_kind::intent ? made.id : made.intent;
  if (kind == payment_kind::session)
    result.means.checkout_url = made.url;
  else
    result.means = {{}, made.client_secret, settings_.publishable_key};
  self_->request(store_, caf::infinite, result)
    .then([promise, started = topup_started{begun.net, begun.gross, result.means}](
            const done&) mutable { promise.deliver(started); },
          [promise](const caf::error& failure) mutable { promise.deliver(failure); });
}

// -- events ---------------------------------------------------------------------------------------

caf::result<done> stripe_state::take(const stripe_letter& letter) {
  if (settings_.webhook_secret.empty())
    return make_error(ec::unavailable, "card payments are not set up");
  auto problem =
    signature_problem(letter.signature, letter.body, settings_.webhook_secret, meisim::now());
  if (!problem.empty()) {
    log_warn("a Stripe event was refused: {}", problem);
    return make_error(ec::invalid, problem);
  }
  auto event = event_from_wire(letter.body);
  if (!event)
    return std::move(event.error());
  auto work = std::make_shared<letter_in_work>();
  work->event = std::move(*event);
  work->promise = self_->make_response_promise<done>();
  if (work->event.kind == stripe_event_kind::other) {
    count_event(work->event, "ignored");
    work->promise.deliver(done{});
  } else if (work->event.kind == stripe_event_kind::refund_failed) {
    log_error("Stripe could not refund {} of payment {}: what that took from the dealer's wallet "
              "is to be given back with `meisimctl wallet adjust`",
              to_string(work->event.amount.value_or(money{})), work->event.intent);
    count_event(work->event, "by_hand");
    work->promise.deliver(done{});
  } else {
    work_on(work);
  }
  return work->promise;
}

void stripe_state::work_on(const letter_pointer& letter) {
  if (++letter->steps > most_steps) {
    letter->promise.deliver(make_error(ec::unavailable));
    return;
  }
  const auto& event = letter->event;
  find_payment question{event.payment, event.session, event.intent, event.dispute};
  self_->request(store_, caf::infinite, std::move(question))
    .then([this, letter](const stripe_payment& payment) { step(letter, payment); },
          [this, letter](const caf::error& failure) {
            if (code_of(failure) != ec::not_found)
              letter->promise.deliver(failure);
            else if (letter->event.payment || letter->event.intent.empty()
                     || letter->event.kind == stripe_event_kind::paid)
              ignore(letter, "none of our payments");
            else
              look_up_intent(letter);
          });
}

void stripe_state::look_up_intent(const letter_pointer& letter) {
  auto request = request_to("/v1/payment_intents/" + url_escaped(letter->event.intent), {});
  send(std::move(request), [this, letter](const caf::expected<std::string>& answer) {
    if (!answer && code_of(answer.error()) != ec::vendor_error) {
      letter->promise.deliver(answer.error());
      return;
    }
    auto known = answer ? object_from_wire(*answer) : caf::expected<stripe_object>{answer.error()};
    if (!known || !known->payment)
      return ignore(letter, "none of our payments");
    letter->event.payment = known->payment;
    work_on(letter);
  });
}

void stripe_state::step(const letter_pointer& letter, const stripe_payment& payment) {
  if (!is_about(letter->event, payment)) {
    log_error("Stripe event {} ({}) names payment {}, but is not what was asked for",
              letter->event.id, letter->event.type, to_string(payment.id));
    return ignore(letter, "not what was asked for");
  }
  settle(letter, payment);
}

void stripe_state::settle(const letter_pointer& letter, const stripe_payment& payment) {
  auto next = next_posting(payment, letter->event);
  if (!next) {
    count_event(letter->event, letter->steps > 1 ? "done" : "known");
    letter->promise.deliver(done{});
    return;
  }
  log_info("payment {}: {} by Stripe event {}", to_string(payment.id), letter->event.type,
           letter->event.id);
  ask_wallet(
    self_, region_, std::move(*next), [this, letter](const receipt&) { work_on(letter); },
    [this, letter](const caf::error& failure) {
      // Another event about the same payment was quicker: look again.
      if (code_of(failure) == ec::moved)
        work_on(letter);
      else
        letter->promise.deliver(failure);
    });
}

void stripe_state::ignore(const letter_pointer& letter, std::string_view why) {
  log_warn("Stripe event {} ({}) moves no money: {}", letter->event.id, letter->event.type, why);
  count_event(letter->event, "unknown");
  letter->promise.deliver(done{});
}

void stripe_state::count_event(const stripe_event& event, std::string_view outcome) {
  // Types that mean nothing to us are not ours to count one by one.
  auto type = event.kind == stripe_event_kind::other ? std::string{"other"} : event.type;
  events_->Add({{"type", type}, {"outcome", std::string{outcome}}}).Increment();
}

// -- calls ----------------------------------------------------------------------------------------

web_request stripe_state::request_to(const std::string& path, payment_id payment) const {
  web_request request;
  request.url = settings_.url + path;
  request.headers = {"Accept: application/json", "Authorization: Bearer " + settings_.api_key};
  if (payment) {
    request.headers.push_back("Content-Type: application/x-www-form-urlencoded");
    request.headers.push_back("Idempotency-Key: " + to_string(payment));
  }
  request.connect_timeout = settings_.connect_timeout;
  request.timeout = settings_.timeout;
  return request;
}

void stripe_state::send(web_request request, call_end ended) {
  if (calls_.size() >= settings_.most_calls)
    return ended(make_error(ec::unavailable, "too many payments are under way"));
  auto call_id = ++last_call_id_;
  request.call_id = call_id;
  auto give_up_at = self_->clock().now() + settings_.patience;
  calls_.emplace(call_id, call{std::move(request), 0, give_up_at, std::move(ended)});
  proceed(call_id);
}

void stripe_state::proceed(uint64_t call_id) {
  auto& what = calls_.at(call_id);
  if (!breaker_.try_pass(self_->clock().now()))
    return end(call_id, make_error(ec::unavailable, "the payment service cannot be reached"));
  show_circuit();
  ++what.tries;
  auto request = what.request;
  auto left =
    std::chrono::duration_cast<std::chrono::milliseconds>(what.give_up_at - self_->clock().now());
  request.timeout = std::clamp(left, std::chrono::milliseconds{1}, settings_.timeout);
  submit_(std::move(request));
}

void stripe_state::wake(uint64_t call_id) {
  if (calls_.contains(call_id))
    proceed(call_id);
}

void stripe_state::handle(const web_answer& answer) {
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
  end(answer.call_id, make_error(ec::vendor_error, "the payment service refused the request"));
}

void stripe_state::try_later(uint64_t call_id, const web_answer& answer) {
  const auto& what = calls_.at(call_id);
  auto longest = settings_.first_pause.count() << std::min(what.tries, 10u);
  std::chrono::milliseconds pause{
    std::uniform_int_distribution<int64_t>{longest / 4, longest / 2}(random_)};
  log_warn("Stripe did not answer a request (try {}): {} {}", what.tries, answer.status,
           answer.error);
  if (what.tries >= settings_.most_tries || self_->clock().now() + pause > what.give_up_at)
    return end(call_id, make_error(ec::unavailable, "the payment service cannot be reached"));
  self_->delayed_send(self_, pause, wake_atom_v, call_id);
}

void stripe_state::end(uint64_t call_id, const caf::expected<std::string>& how) {
  auto ended = std::move(calls_.at(call_id).ended);
  calls_.erase(call_id);
  ended(how);
}

void stripe_state::show_circuit() {
  circuit_gauge_->Set(static_cast<double>(breaker_.state()));
}

// -- behaviour ------------------------------------------------------------------------------------

stripe_actor::behavior_type stripe(stripe_state::pointer self, stripe_settings settings,
                                   payment_store_actor store, region_actor region,
                                   const stripe_connector& connect,
                                   const std::shared_ptr<prometheus::Registry>& registry) {
  self->state.start(self, std::move(settings), std::move(store), std::move(region), connect,
                    *registry);
  // The registry has to live as long as what is counted in it.
  self->attach_functor([registry] {});
  return {
    [self](const start_topup& wish) { return self->state.begin(wish); },
    [self](const stripe_letter& letter) { return self->state.take(letter); },
    [self](const web_answer& answer) { self->state.handle(answer); },
    [self](wake_atom, uint64_t call_id) { self->state.wake(call_id); },
  };
}

} // namespace meisim

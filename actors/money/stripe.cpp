#include "actors/money/stripe.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/money/stripe_signature.hpp"

#include <chrono>
#include <utility>

namespace meisim {

namespace {

constexpr auto count_pause = std::chrono::seconds{30};

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
  calls.start(self, settings_, connect(stripe_actor{self}), registry);
  events_ = &prometheus::BuildCounter()
               .Name("meisim_stripe_events_total")
               .Help("Events of Stripe by type and what came of them")
               .Register(registry);
  unmatched_ = &prometheus::BuildGauge()
                  .Name("meisim_payments_unmatched")
                  .Help("Events of Stripe that moved no money although they should")
                  .Register(registry)
                  .Add({});
  unsigned_ = &prometheus::BuildGauge()
                 .Name("meisim_stripe_unsigned_in_a_row")
                 .Help("Events of Stripe without our signature since the last that bore it")
                 .Register(registry)
                 .Add({});
  if (store_)
    self_->send(self_, tick_atom_v);
}

void stripe_state::count_unmatched() {
  self_->request(store_, caf::infinite, list_unmatched{})
    .then([this](const unmatched_list& list) { unmatched_->Set(static_cast<double>(list.count)); },
          // The failure was logged, and the next look comes soon.
          [](const caf::error&) {});
  self_->delayed_send(self_, count_pause, tick_atom_v);
}

// -- payments that begin --------------------------------------------------------------------------

caf::result<topup_started> stripe_state::begin(const start_topup& wish) {
  if (settings_.api_key.text().empty())
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
    begun.id,    wish.dealer,           wish.email,           begun.net,
    begun.gross, settings_.success_url, settings_.cancel_url, settings_.installation};
  bool is_session = wish.kind == payment_kind::session;
  calls.post(
    is_session ? "/v1/checkout/sessions" : "/v1/payment_intents", begun.id,
    is_session ? session_form(terms) : intent_form(terms),
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

// -- letters --------------------------------------------------------------------------------------

caf::result<done> stripe_state::take(const stripe_letter& letter) {
  auto secret = settings_.webhook_secret.latest();
  if (secret->text.empty())
    return make_error(ec::unavailable, "card payments are not set up");
  auto problem = signature_problem(letter.signature, letter.body, secret->text, meisim::now());
  // Stripe signs by the secret before until the new one is set there.
  if (!problem.empty() && !secret->before.empty())
    problem = signature_problem(letter.signature, letter.body, secret->before, meisim::now());
  if (!problem.empty()) {
    unsigned_->Increment();
    log_warn("a Stripe event was refused: {}", problem);
    return make_error(ec::invalid, problem);
  }
  unsigned_->Set(0);
  auto event = event_from_wire(letter.body);
  if (!event)
    return std::move(event.error());
  auto promise = self_->make_response_promise<done>();
  // The event may have been on the operator's list, where every event can be that means something
  // to us.
  auto noted_as = event->kind == stripe_event_kind::other ? std::string{} : event->id;
  work_on(std::move(*event),
          [this, promise, noted_as](const caf::expected<std::string>& how) mutable {
            // Stripe need not send again what is on the operator's list.
            if (how)
              promise.deliver(done{});
            else
              promise.deliver(how.error());
            if (how && how->empty() && !noted_as.empty())
              take_off_list(noted_as, "Stripe has told of it again");
          });
  return promise;
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
    [self](const replay_payment& wish) { return self->state.replay(wish); },
    [self](const reconcile_stripe& question) { return self->state.reconcile(question); },
    [self](tick_atom) { self->state.count_unmatched(); },
    [self](const web_answer& answer) { self->state.calls.handle(answer); },
    [self](wake_atom, uint64_t call_id) { self->state.calls.wake(call_id); },
  };
}

} // namespace meisim

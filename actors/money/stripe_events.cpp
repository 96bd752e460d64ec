#include "actors/money/ask_wallet.hpp"
#include "actors/money/stripe.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <iterator>
#include <utility>

// What Stripe's events do to wallets.

namespace meisim {

namespace {

/// How often another event about the same payment may be quicker.
constexpr int most_races = 16;

/// What a failed question to Stripe means. That Stripe has no such thing is an answer. All else may
/// pass, such as a key that Stripe does not take any more, or an answer that was cut short.
caf::error may_pass(const caf::error& failure) {
  return code_of(failure) == ec::not_found || code_of(failure) == ec::unavailable
           ? failure
           : make_error(ec::unavailable, "Stripe does not answer our questions");
}

} // namespace

void stripe_state::work_on(stripe_event event, letter_end ended,
                           std::optional<audit_stamp> asked_by) {
  auto letter = std::make_shared<letter_in_work>();
  letter->event = std::move(event);
  letter->ended = std::move(ended);
  letter->asked_by = std::move(asked_by);
  if (letter->event.kind == stripe_event_kind::other) {
    count_event(letter->event, "ignored");
    letter->ended(std::string{letter->asked_by ? "it does not tell of money that moved" : ""});
  } else {
    work_on(letter);
  }
}

void stripe_state::work_on(const letter_pointer& letter) {
  const auto& event = letter->event;
  self_->request(store_, caf::infinite, find_payment{event.payment, event.session, event.intent})
    .then([this, letter](const stripe_payment& payment) { step(letter, payment); },
          [this, letter](const caf::error& failure) {
            const auto& unknown = letter->event;
            if (code_of(failure) != ec::not_found)
              letter->ended(failure);
            else if (is_anothers(unknown.installation))
              pass_by(letter);
            else if (!unknown.payment && !unknown.intent.empty())
              look_up_intent(letter);
            else if (letter->asked_by && !letter->is_recalled && !unknown.intent.empty())
              recall(letter);
            else if (unknown.is_ours)
              wait_for_recall(letter);
            else
              put_on_list(letter, "none of our payments");
          });
}

void stripe_state::step(const letter_pointer& letter, const stripe_payment& payment) {
  const auto& event = letter->event;
  auto problem = payment_mismatch(event, payment);
  if (problem.empty())
    return event.asks_for_refunds ? look_up_refunds(letter) : settle(letter, payment);
  bool is_bare_intent = event.kind == stripe_event_kind::paid && event.session.empty();
  if (is_bare_intent && payment.kind == payment_kind::session)
    return look_up_session(letter);
  put_on_list(letter, problem);
}

void stripe_state::settle(const letter_pointer& letter, const stripe_payment& payment) {
  auto next = next_payment_step(payment, letter->event);
  if (std::holds_alternative<std::monostate>(next)) {
    count_event(letter->event, letter->has_changed ? "done" : "known");
    return letter->ended(std::string{});
  }
  log_info("payment {}: {} by Stripe event {}", to_string(payment.id), letter->event.type,
           letter->event.id);
  letter->has_changed = true;
  auto otherwise = [this, letter](const caf::error& failure) { again_or_end(letter, failure); };
  if (auto* money = std::get_if<posting>(&next))
    return ask_wallet(
      self_, region_, std::move(*money), [this, letter](const receipt&) { work_on(letter); },
      otherwise);
  self_->request(store_, caf::infinite, std::get<note_movement>(std::move(next)))
    .then([this, letter](const done&) { work_on(letter); }, otherwise);
}

void stripe_state::again_or_end(const letter_pointer& letter, const caf::error& failure) {
  // Another event about the same payment was quicker: look again.
  if (code_of(failure) != ec::moved)
    letter->ended(failure);
  else if (++letter->lost_races > most_races)
    letter->ended(make_error(ec::unavailable));
  else
    work_on(letter);
}

// -- what an event does not tell ------------------------------------------------------------------

void stripe_state::look_up_intent(const letter_pointer& letter) {
  calls.get("/v1/payment_intents/" + url_escaped(letter->event.intent),
            [this, letter](const caf::expected<std::string>& answer) {
              auto known = answer ? object_from_wire(*answer) : answer.error();
              if (!known && code_of(known.error()) != ec::not_found)
                return letter->ended(may_pass(known.error()));
              if (!known || !known->payment)
                return put_on_list(letter, "none of our payments");
              letter->event.payment = known->payment;
              letter->event.is_ours = true;
              letter->event.installation = known->installation;
              work_on(letter);
            });
}

void stripe_state::look_up_session(const letter_pointer& letter) {
  calls.get("/v1/checkout/sessions?limit=1&payment_intent=" + url_escaped(letter->event.intent),
            [this, letter](const caf::expected<std::string>& answer) {
              auto session = answer ? listed_session_from_wire(*answer) : answer.error();
              if (!session && code_of(session.error()) != ec::not_found)
                return letter->ended(may_pass(session.error()));
              if (!session || session->kind != stripe_event_kind::paid)
                return put_on_list(letter, "it was paid otherwise than was asked for");
              session->id = letter->event.id;
              session->type = letter->event.type;
              letter->event = std::move(*session);
              work_on(letter);
            });
}

void stripe_state::look_up_refunds(const letter_pointer& letter) {
  calls.get("/v1/refunds?limit=100&payment_intent=" + url_escaped(letter->event.intent),
            [this, letter](const caf::expected<std::string>& answer) {
              if (!answer && code_of(answer.error()) != ec::not_found)
                return letter->ended(may_pass(answer.error()));
              auto& event = letter->event;
              event.asks_for_refunds = false;
              auto listed = answer ? refunds_from_wire(*answer) : listed_movements{};
              if (!listed)
                return letter->ended(may_pass(listed.error()));
              if (!listed->missing.empty())
                return put_on_list(letter, listed->missing);
              // They come first, so that what they take bears their names.
              event.movements.insert(event.movements.begin(), listed->movements.begin(),
                                     listed->movements.end());
              work_on(letter);
            });
}

// -- how an event ends ----------------------------------------------------------------------------

void stripe_state::note(const letter_pointer& letter, std::string_view why, noting_end noted) {
  const auto& event = letter->event;
  log_error("Stripe event {} ({}) moves no money: {}", event.id, event.type, why);
  count_event(event, "unmatched");
  if (letter->asked_by)
    return letter->ended(std::string{why});
  note_unmatched what{event.id, event.type, event.session, event.intent, std::string{why}};
  if (what.event.empty())
    what.event = fmt::format("{} {}", event.type, event.intent + event.session);
  self_->request(store_, caf::infinite, std::move(what))
    .then(
      [this, noted = std::move(noted)](const noted_event& known) {
        if (known.is_new)
          unmatched_->Increment();
        noted(known);
      },
      [letter](const caf::error& failure) { letter->ended(failure); });
}

void stripe_state::put_on_list(const letter_pointer& letter, std::string_view why) {
  note(letter, why,
       [letter, problem = std::string{why}](const noted_event&) { letter->ended(problem); });
}

void stripe_state::take_off_list(const std::string& event, const char* because) {
  self_
    ->request(store_, caf::infinite, settle_unmatched{event, because, {audit_kind::event_settled}})
    .then([this](const done&) { unmatched_->Decrement(); }, [](const caf::error&) {});
}

void stripe_state::wait_for_recall(const letter_pointer& letter) {
  note(letter, "a payment of ours that the database does not know",
       [letter](const noted_event& known) {
         if (known.is_open)
           letter->ended(make_error(ec::unavailable, "the payment is not known here yet"));
         else
           letter->ended(std::string{});
       });
}

bool stripe_state::is_anothers(const std::string& installation) const {
  return !installation.empty() && installation != settings_.installation;
}

/// The other installation hears of it as well and books it.
void stripe_state::pass_by(const letter_pointer& letter) {
  count_event(letter->event, "elsewhere");
  letter->ended(std::string{letter->asked_by ? anothers_payment : ""});
}

void stripe_state::count_event(const stripe_event& event, std::string_view outcome) {
  // Types that mean nothing to us are counted together.
  auto type = event.kind == stripe_event_kind::other ? std::string{"other"} : event.type;
  events_->Add({{"type", type}, {"outcome", std::string{outcome}}}).Increment();
}

} // namespace meisim

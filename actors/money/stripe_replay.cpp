#include "actors/money/stripe.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/url.hpp"

#include <iterator>
#include <utility>

// What an operator asks of Stripe.

namespace meisim {

namespace {

constexpr int most_pages = 1'000;

/// Answers the operator with what kept the work from being done, or with the failure.
void answer_with_problem(caf::typed_response_promise<replay_outcome> promise,
                         const caf::expected<std::string>& how) {
  if (how)
    promise.deliver(replay_outcome{*how});
  else
    promise.deliver(how.error());
}

/// Whether Stripe has listed all that moved; else the operator is told why not.
bool is_whole(const caf::expected<listed_movements>& listed,
              caf::typed_response_promise<replay_outcome> promise) {
  if (!listed)
    promise.deliver(listed.error());
  else if (!listed->missing.empty())
    promise.deliver(replay_outcome{std::string{listed->missing}});
  return listed && listed->missing.empty();
}

} // namespace

// -- once more ------------------------------------------------------------------------------------

caf::result<replay_outcome> stripe_state::replay(const replay_payment& wish) {
  if (settings_.api_key.text().empty())
    return make_error(ec::unavailable, "card payments are not set up");
  auto promise = self_->make_response_promise<replay_outcome>();
  if (wish.id.starts_with("evt_"))
    replay_event(wish, promise);
  else if (wish.id.starts_with("re_"))
    replay_refund(wish, promise);
  else
    replay_known(wish, promise);
  return promise;
}

void stripe_state::replay_event(const replay_payment& wish, replay_promise promise) {
  calls.get("/v1/events/" + url_escaped(wish.id),
            [=, this](const caf::expected<std::string>& answer) mutable {
              auto event = answer ? event_from_wire(*answer) : answer.error();
              if (!event) {
                promise.deliver(event.error());
                return;
              }
              work_on(
                std::move(*event),
                [=, this, id = wish.id](const caf::expected<std::string>& how) mutable {
                  answer_with_problem(promise, how);
                  if (how && how->empty())
                    take_off_list(id, "replayed");
                },
                wish.by);
            });
}

void stripe_state::replay_refund(const replay_payment& wish, replay_promise promise) {
  calls.get("/v1/refunds/" + url_escaped(wish.id),
            [=, this](const caf::expected<std::string>& answer) mutable {
              auto refund = answer ? object_from_wire(*answer) : answer.error();
              if (!refund)
                promise.deliver(refund.error());
              else
                replay_known({refund->intent, wish.by}, promise);
            });
}

void stripe_state::replay_known(const replay_payment& wish, replay_promise promise) {
  self_->request(store_, caf::infinite, show_payment{wish.id})
    .then([=, this](const payment_view& view) { replay(view.what, wish.by, promise); },
          [=, this](const caf::error& failure) mutable {
            if (code_of(failure) == ec::not_found)
              replay_lost(wish, promise);
            else
              promise.deliver(failure);
          });
}

void stripe_state::replay_lost(const replay_payment& wish, replay_promise promise) {
  if (wish.id.starts_with("cs_")) {
    calls.get("/v1/checkout/sessions/" + url_escaped(wish.id),
              [=, this](const caf::expected<std::string>& answer) mutable {
                auto session = answer ? object_from_wire(*answer) : answer.error();
                if (!session)
                  promise.deliver(session.error());
                else if (session->intent.empty())
                  promise.deliver(replay_outcome{"it is not paid"});
                else
                  replay_lost({session->intent, wish.by}, promise);
              });
    return;
  }
  if (!wish.id.starts_with("pi_")) {
    promise.deliver(make_error(ec::not_found, "there is no such payment"));
    return;
  }
  recall(wish.id, wish.by, [=, this](const caf::expected<std::string>& problem) mutable {
    if (!problem || !problem->empty())
      answer_with_problem(promise, problem);
    else
      self_->request(store_, caf::infinite, show_payment{wish.id})
        .then([=, this](const payment_view& view) { replay(view.what, wish.by, promise); },
              [promise](const caf::error& failure) mutable { promise.deliver(failure); });
  });
}

void stripe_state::replay(const stripe_payment& payment, const audit_stamp& by,
                          replay_promise promise) {
  if (payment.reference.empty()) {
    promise.deliver(replay_outcome{"Stripe has made nothing for this payment"});
    return;
  }
  auto folder =
    payment.kind == payment_kind::session ? "/v1/checkout/sessions/" : "/v1/payment_intents/";
  calls.get(folder + url_escaped(payment.reference),
            [=, this](const caf::expected<std::string>& answer) mutable {
              auto paid = answer ? payment_from_wire(payment.kind, *answer) : answer.error();
              if (!paid) {
                promise.deliver(paid.error());
                return;
              }
              if (paid->kind != stripe_event_kind::paid) {
                promise.deliver(replay_outcome{"it is not paid"});
                return;
              }
              paid->id = "replay " + payment.reference;
              paid->type = "replay";
              work_on(
                *paid,
                [=, this](const caf::expected<std::string>& how) mutable {
                  if (how && how->empty())
                    replay_movements(*paid, by, promise);
                  else
                    answer_with_problem(promise, how);
                },
                by);
            });
}

void stripe_state::replay_movements(stripe_event paid, const audit_stamp& by,
                                    const replay_promise& promise) {
  auto moved = std::move(paid);
  moved.kind = stripe_event_kind::moved;
  calls.get("/v1/refunds?limit=100&payment_intent=" + url_escaped(moved.intent),
            [=, this](const caf::expected<std::string>& answer) mutable {
              auto listed = answer ? refunds_from_wire(*answer) : answer.error();
              if (!is_whole(listed, promise))
                return;
              moved.movements = std::move(listed->movements);
              replay_disputes(std::move(moved), by, promise);
            });
}

void stripe_state::replay_disputes(stripe_event moved, const audit_stamp& by,
                                   const replay_promise& promise) {
  calls.get(
    "/v1/disputes?limit=100&payment_intent=" + url_escaped(moved.intent),
    [=, this](const caf::expected<std::string>& answer) mutable {
      auto listed = answer ? disputes_from_wire(*answer) : answer.error();
      if (!is_whole(listed, promise))
        return;
      std::move(listed->movements.begin(), listed->movements.end(),
                std::back_inserter(moved.movements));
      work_on(
        std::move(moved),
        [promise](const caf::expected<std::string>& how) { answer_with_problem(promise, how); },
        by);
    });
}

// -- reconciliation -------------------------------------------------------------------------------

caf::result<stripe_reconciliation> stripe_state::reconcile(const reconcile_stripe& question) {
  if (settings_.api_key.text().empty())
    return make_error(ec::unavailable, "card payments are not set up");
  auto work = std::make_shared<reconciliation_in_work>();
  work->question = question;
  work->promise = self_->make_response_promise<stripe_reconciliation>();
  next_page(work);
  return work->promise;
}

void stripe_state::next_page(const reconciliation_pointer& work) {
  if (++work->pages > most_pages) {
    work->promise.deliver(make_error(ec::invalid, "so much moved: ask for a shorter time"));
    return;
  }
  const auto& [from, to] = work->question;
  auto after = work->entries.empty() ? std::string{} : work->entries.back().id;
  auto query = balance_query(from - reconciliation_slack, to + reconciliation_slack, after);
  calls.get(
    "/v1/balance_transactions" + query, [this, work](const caf::expected<std::string>& answer) {
      auto page = answer ? balance_page_from_wire(*answer) : answer.error();
      if (!page) {
        work->promise.deliver(page.error());
        return;
      }
      std::move(page->entries.begin(), page->entries.end(), std::back_inserter(work->entries));
      if (page->has_more)
        next_page(work);
      else
        hold_against_ours(work);
    });
}

void stripe_state::hold_against_ours(const reconciliation_pointer& work) {
  const auto& [from, to] = work->question;
  self_
    ->request(store_, caf::infinite,
              list_movements{from - reconciliation_slack, to + reconciliation_slack})
    .then(
      [this, work](const movement_list& kept) {
        work->promise.deliver(compare_with_stripe(work->question, work->entries, kept.movements,
                                                  settings_.installation));
      },
      [work](const caf::error& failure) { work->promise.deliver(failure); });
}

} // namespace meisim

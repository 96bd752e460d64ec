#include "actors/money/stripe.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/base/url.hpp"

#include <utility>

// Payments of ours that the database does not know any more, because it was restored to a moment
// before them. Stripe keeps with each payment all that is needed to write it down again.

namespace meisim {

namespace {

/// That Stripe has no such thing is what kept the work from being done. All else is a failure.
void end_without_payment(const caf::error& failure,
                         const std::function<void(const caf::expected<std::string>&)>& ended) {
  if (code_of(failure) == ec::not_found)
    ended(message_of(failure));
  else
    ended(failure);
}

} // namespace

void stripe_state::recall(const letter_pointer& letter) {
  letter->is_recalled = true;
  recall(letter->event.intent, *letter->asked_by,
         [this, letter](const caf::expected<std::string>& problem) {
           if (problem && problem->empty())
             work_on(letter);
           else
             letter->ended(problem);
         });
}

void stripe_state::recall(const std::string& intent, const audit_stamp& by,
                          const letter_end& ended) {
  calls.get("/v1/payment_intents/" + url_escaped(intent),
            [this, by, ended](const caf::expected<std::string>& answer) {
              auto paid = answer ? paid_intent_from_wire(*answer) : answer.error();
              if (paid && is_anothers(paid->installation))
                ended(std::string{anothers_payment});
              else if (paid)
                recall(*paid, by, ended);
              else
                end_without_payment(paid.error(), ended);
            });
}

void stripe_state::recall(const paid_intent& paid, const audit_stamp& by, const letter_end& ended) {
  calls.get("/v1/checkout/sessions?limit=1&payment_intent=" + url_escaped(paid.id),
            [this, paid, by, ended](const caf::expected<std::string>& answer) {
              auto session = answer ? listed_session_from_wire(*answer) : answer.error();
              if (!session && code_of(session.error()) != ec::not_found)
                return ended(session.error());
              stripe_payment lost;
              lost.id = paid.payment;
              lost.dealer = paid.dealer;
              lost.kind = session ? payment_kind::session : payment_kind::intent;
              lost.net = paid.net;
              lost.gross = paid.gross;
              lost.reference = session ? session->session : paid.id;
              lost.intent = paid.id;
              log_warn("payment {}: written down anew as Stripe knows it", to_string(lost.id));
              self_->request(store_, caf::infinite, recall_payment{std::move(lost), by})
                .then([ended](const done&) { ended(std::string{}); },
                      [ended](const caf::error& failure) {
                        if (code_of(failure) == ec::conflict)
                          ended(message_of(failure));
                        else
                          ended(failure);
                      });
            });
}

} // namespace meisim

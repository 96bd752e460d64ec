#include "actors/account_desk.hpp"

#include "actors/fulfilment.hpp"
#include "protocols/mail_content.hpp"

#include <utility>

namespace meisim {

namespace {

using desk_pointer = account_desk_actor::stateful_pointer<account_desk_state>;
using promise = caf::typed_response_promise<account_outcome>;
using state = account_outcome::state;

order_to_fulfil order_of(const account_order& what) {
  order_to_fulfil order;
  order.id = what.id;
  order.dealer = what.dealer;
  order.product = what.bundle;
  order.buyer.email = what.email;
  order.unit_price = what.price;
  order.is_on_account = true;
  order.mails_customer = what.mails_customer;
  return order;
}

/// What an earlier request has come to.
caf::expected<account_outcome> replay(const account_order& what, const account_placement& known) {
  if (known.request_hash != what.request_hash)
    return make_error(ec::conflict, "this Idempotency-Key was used with another request before");
  if (!known.iccid.empty())
    return account_outcome{state::completed, known.iccid, known.lpa, {}, true};
  if (known.status == "failed")
    return account_outcome{state::refused, {}, {}, known.failure, true};
  return make_error(ec::in_progress);
}

/// Notes how the order ended, and answers once that is written.
template <class End>
void conclude(desk_pointer self, End end, account_outcome outcome, promise answer) {
  self->request(self->state.book, caf::infinite, std::move(end))
    .then(
      [answer, outcome](done) mutable { answer.deliver(outcome); },
      // The job is still there: the fulfilment finds out once more.
      [answer](const caf::error&) mutable {
        answer.deliver(account_outcome{state::pending, {}, {}, "the order is being noted", false});
      });
}

void take_outcome(desk_pointer self, const order_to_fulfil& order, const provider_outcome& outcome,
                  promise answer) {
  switch (outcome.verdict) {
  case provider_verdict::placed:
    return conclude(self, finish_of(order, outcome.bought),
                    {state::completed, outcome.bought.iccid, outcome.bought.lpa, {}, false},
                    std::move(answer));
  case provider_verdict::refused:
    return conclude(self, fail_account_order{order.id, outcome.reason},
                    {state::refused, {}, {}, outcome.reason, false}, std::move(answer));
  case provider_verdict::unavailable:
  case provider_verdict::absent:
    // Surely not bought, and the caller is told to come again: nobody may buy it later.
    return conclude(self, fail_account_order{order.id, outcome.reason},
                    {state::unavailable, {}, {}, outcome.reason, false}, std::move(answer));
  case provider_verdict::unknown:
    answer.deliver(account_outcome{state::pending, {}, {}, outcome.reason, false});
  }
}

void buy(desk_pointer self, const order_to_fulfil& order, promise answer) {
  provider_order wish{provider_reference(order.id, 1), order.product, {}};
  self->request(self->state.provider, caf::infinite, std::move(wish))
    .then([self, order,
           answer](const provider_outcome& outcome) { take_outcome(self, order, outcome, answer); },
          [answer](const caf::error& failure) mutable { answer.deliver(failure); });
}

} // namespace

finish_account_order finish_of(const order_to_fulfil& order, const esim& bought) {
  finish_account_order end;
  end.unit = {order.id, 1, bought.iccid, bought.lpa, false};
  if (!order.mails_customer || order.buyer.email.empty())
    return end;
  activation_mail values;
  values.product = order.product;
  values.order = short_id(order.id);
  values.esims.push_back({bought.iccid, bought.lpa});
  queued_mail mail;
  mail.id = mail_id{derive_uuid(order.id.value, "activation mail 1")};
  mail.recipient = order.buyer.email;
  mail.kind = activation_mail::kind;
  mail.language = order.buyer.language;
  mail.values = to_json(values);
  end.mail = std::move(mail);
  return end;
}

account_desk_actor::behavior_type account_desk(desk_pointer self, job_book_actor book,
                                               provider_actor provider) {
  self->state.book = std::move(book);
  self->state.provider = std::move(provider);
  return {
    [self](const account_order& what) -> caf::result<account_outcome> {
      auto answer = self->make_response_promise<account_outcome>();
      self->request(self->state.book, caf::infinite, what)
        .then(
          [self, what, answer](const account_placement& known) mutable {
            if (known.is_new)
              return buy(self, order_of(what), answer);
            auto outcome = replay(what, known);
            if (outcome)
              answer.deliver(std::move(*outcome));
            else
              answer.deliver(outcome.error());
          },
          [answer](const caf::error& failure) mutable { answer.deliver(failure); });
      return answer;
    },
  };
}

} // namespace meisim

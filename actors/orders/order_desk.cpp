#include "actors/orders/order_desk.hpp"

#include "actors/money/ask_wallet.hpp"
#include "actors/orders/fulfilment.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/base/log.hpp"
#include "protocols/orders/account_order.hpp"

#include <fmt/core.h>

#include <memory>
#include <utility>

namespace meisim {

namespace {

using desk_pointer = order_desk_actor::stateful_pointer<order_desk_state>;
using done_promise = caf::typed_response_promise<done>;

/// The error that the operator is told where the step came too late.
caf::error told(const caf::error& failure) {
  if (code_of(failure) == ec::moved)
    return make_error(ec::conflict, "the order has got further meanwhile: look at it again");
  return failure;
}

void give_back(desk_pointer self, const order_to_fulfil& order, const fail_order& wish,
               done_promise answer) {
  auto missing = order.quantity - static_cast<int32_t>(order.delivered.size());
  if (missing == 0) {
    answer.deliver(
      make_error(ec::conflict, "every unit was delivered: it is about to be completed"));
    return;
  }
  auto shared = std::make_shared<done_promise>(std::move(answer));
  auto refund = refund_posting(order, missing, wish.reason, any_attempt);
  refund.audit.push_back({wish.by, to_string(order.id), {}, {}, json_object([&](json_writer& out) {
                            out.member("reason", wish.reason);
                          })});
  ask_wallet(
    self, self->state.region, std::move(refund),
    [shared](const receipt&) { shared->deliver(done{}); },
    [shared](const caf::error& failure) { shared->deliver(told(failure)); });
}

/// Nothing was paid for an order on account, so nothing is given back.
void end_on_account(desk_pointer self, const order_to_fulfil& order, const fail_order& wish,
                    done_promise answer) {
  self
    ->request(self->state.store, caf::infinite,
              fail_account_order{order.id, wish.reason, false, any_attempt, wish.by})
    .then([answer](done) mutable { answer.deliver(done{}); },
          [answer](const caf::error& failure) mutable { answer.deliver(told(failure)); });
}

void end(desk_pointer self, const order_to_fulfil& order, const fail_order& wish,
         done_promise answer) {
  if (order.status == "processing")
    give_back(self, order, wish, std::move(answer));
  else if (order.status == "pending")
    end_on_account(self, order, wish, std::move(answer));
  else
    answer.deliver(make_error(ec::conflict, fmt::format("the order is {}", order.status)));
}

} // namespace

order_desk_actor::behavior_type order_desk(desk_pointer self, job_store_actor store,
                                           region_actor region) {
  self->state.store = std::move(store);
  self->state.region = std::move(region);
  return {
    [self](const retry_order& wish) {
      log_info("order {}: an operator has it tried again: {}", to_string(wish.order), wish.reason);
      return self->delegate(self->state.store, wish);
    },
    [self](const fail_order& wish) -> caf::result<done> {
      auto answer = self->make_response_promise<done>();
      log_info("order {}: failed by an operator: {}", to_string(wish.order), wish.reason);
      self->request(self->state.store, caf::infinite, load_order{wish.order})
        .then(
          [self, wish, answer](const order_to_fulfil& order) { end(self, order, wish, answer); },
          [answer](const caf::error& failure) mutable { answer.deliver(failure); });
      return answer;
    },
  };
}

} // namespace meisim

#include "actors/orders/provider_switch.hpp"

#include "actors/orders/catalogue_merger.hpp"
#include "protocols/base/error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

using switch_pointer = providers_actor::stateful_pointer<provider_switch_state>;

/// Answers once every provider has been heard, with what they have.
caf::typed_response_promise<catalogue_view> gather(switch_pointer self) {
  auto promise = self->make_response_promise<catalogue_view>();
  auto awaited = std::make_shared<size_t>(self->state.routes.size());
  auto heard = [self, promise, awaited]() mutable {
    if (--*awaited > 0)
      return;
    if (auto current = self->state.board->latest())
      promise.deliver(catalogue_view{current});
    else
      promise.deliver(make_error(cause::vendor_unreachable, "no provider's catalogue can be had"));
  };
  for (const auto& route : self->state.routes)
    self->request(route.to, caf::infinite, load_catalogue{})
      .then([heard](const catalogue_view&) mutable { heard(); },
            [heard](const caf::error&) mutable { heard(); });
  return promise;
}

std::string nobody_sells(const std::string& what) {
  return fmt::format("no provider has the prefix of {}", what);
}

/// Passes on a question about what bears this name, to whoever sells it.
template <class Question>
caf::result<provider_text> ask_seller(switch_pointer self, const std::string& what,
                                      const Question& question) {
  if (auto seller = self->state.seller_of(what))
    return self->delegate(seller, question);
  return make_error(ec::unavailable, nobody_sells(what));
}

} // namespace

provider_actor provider_switch_state::seller_of(const std::string& what) const {
  auto prefix = provider_prefix(what);
  if (prefix.empty())
    return routes.front().to;
  auto found = std::ranges::find(routes, prefix, &provider_route::prefix);
  return found == routes.end() ? provider_actor{} : found->to;
}

providers_actor::behavior_type provider_switch(switch_pointer self,
                                               std::vector<provider_route> routes,
                                               std::shared_ptr<const published<catalogue>> board) {
  self->state.routes = std::move(routes);
  self->state.board = std::move(board);
  return {
    [self](load_catalogue) -> caf::result<catalogue_view> {
      if (auto current = self->state.board->latest())
        return catalogue_view{current};
      return gather(self);
    },
    [self](const provider_order& order) -> caf::result<provider_outcome> {
      if (auto seller = self->state.seller_of(order.product))
        return self->delegate(seller, order);
      auto reason = nobody_sells(order.product);
      return order.may_be_placed ? unknown(std::move(reason)) : unavailable(std::move(reason));
    },
    [self](const esim_question& question) { return ask_seller(self, question.product, question); },
    [self](const sim_question& question) { return ask_seller(self, question.network, question); },
    [self](const provider_list_question& question) {
      return ask_seller(self, question.prefix + ':', question);
    },
  };
}

} // namespace meisim

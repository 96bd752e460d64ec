#pragma once

#include "protocols/orders/provider.hpp"

#include <caf/all.hpp>

#include <deque>
#include <memory>
#include <utility>

namespace meisim::test {

/// What providers were asked for and have not answered, the oldest first.
using held_orders =
  std::deque<std::pair<provider_order, caf::typed_response_promise<provider_outcome>>>;

/// Providers that put what they are asked for into `known->asked`. An outcome that a test sends
/// them is the answer to the oldest.
template <class World>
caf::behavior holding_providers(caf::event_based_actor* self, std::shared_ptr<World> known) {
  return {
    [=](const provider_order& what) -> caf::result<provider_outcome> {
      auto promise = self->make_response_promise<provider_outcome>();
      known->asked.emplace_back(what, promise);
      return promise;
    },
    [=](const provider_outcome& outcome) {
      auto promise = known->asked.front().second;
      known->asked.pop_front();
      promise.deliver(outcome);
    },
  };
}

} // namespace meisim::test

#pragma once

#include "protocols/base/error.hpp"
#include "protocols/cluster/ask_entity.hpp"
#include "protocols/cluster/handover.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace meisim {

/// One question about a device, put to all other nodes, because each node knows only its own
/// devices.
template <class Answer>
class device_search {
public:
  device_search(caf::typed_response_promise<Answer> caller, size_t nodes)
    : caller_(std::move(caller)), open_(nodes) {
    end_if_over();
  }

  /// A node has the device.
  void take(Answer& answer) {
    if (auto caller = std::exchange(caller_, std::nullopt))
      caller->deliver(std::move(answer));
  }

  /// A node does not have it, cannot do what was asked, or was not reached.
  void take(const caf::error& why) {
    --open_;
    is_one_silent_ = is_one_silent_ || is_owner_elsewhere(why);
    if (code_of(why) != ec::not_found && !is_owner_elsewhere(why))
      fail(why);
    end_if_over();
  }

private:
  void end_if_over() {
    if (open_ > 0)
      return;
    fail(is_one_silent_
           ? make_error(ec::unavailable, "no node that can be reached has a device of this "
                                         "name, and one cannot be reached now")
           : make_error(ec::not_found, "no node has a device of this name"));
  }

  void fail(const caf::error& why) {
    if (auto caller = std::exchange(caller_, std::nullopt))
      caller->deliver(why);
  }

  /// Nothing once the caller has its answer.
  std::optional<caf::typed_response_promise<Answer>> caller_;
  /// Nodes that have not answered yet.
  size_t open_;
  bool is_one_silent_ = false;
};

/// Has the node that has the device answer the message that `self` handles now. `not_found` if no
/// node has it, `unavailable` if one that may have it was not reached.
template <class Answer, class Self, class Question>
caf::result<Answer> ask_other_nodes(Self* self, const other_nodes& others,
                                    const Question& question) {
  auto promise = self->template make_response_promise<Answer>();
  auto search = std::make_shared<device_search<Answer>>(promise, others.links.size());
  for (const auto& link : others.links)
    self->request(link, caf::infinite, question)
      .then([search](Answer& answer) { search->take(answer); },
            [search](const caf::error& why) { search->take(why); });
  return promise;
}

} // namespace meisim

#pragma once

#include "http/edge/dealer_turns.hpp"
#include "http/edge/route.hpp"
#include "http/edge/services.hpp"
#include "http/server/reply.hpp"
#include "http/server/request.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/base/trace_context.hpp"
#include "protocols/cluster/ask_entity.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/orders/provider.hpp"

#include <caf/all.hpp>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim::http {

class request_runners;

/// Takes exchanges through the actors, many at once (request_runners.hpp).
using request_runner_actor = caf::typed_actor<caf::reacts_to<exchange_pointer>>;

/// One request on its way through the actors. Handlers hold it by shared pointer in their
/// continuations, which the runner runs. What they do with it is in files of its own: admission,
/// read_body, asking and answering.
class exchange : public std::enable_shared_from_this<exchange> {
public:
  exchange(std::shared_ptr<const services> of, const std::shared_ptr<request_runners>& runners,
           request what, reply to, const route& to_route, std::vector<std::string> names)
    : node(std::move(of)), incoming(std::move(what)), where(to_route), captures(std::move(names)),
      runners_(runners), to_(std::move(to)) {
    // nop
  }

  /// Admission first, then the route's handler.
  void run(request_runner_actor::pointer runner);

  /// Goes on after the admission, once the body is there, and on a thread that it may keep busy.
  void proceed();

  bool is_admitted() const {
    return is_admitted_;
  }

  /// Whether the body takes so long to read that no other request should wait behind it.
  bool is_large() const;

  /// Whether it goes on, once admitted, on a thread that it may keep busy.
  bool is_long() const {
    return is_large() || where.extras.is_long;
  }

  /// Who is signed in; only meaningful after an admission.
  const dealer_snapshot& dealer() const {
    return admitted.dealer;
  }

  /// The origin of what this request places.
  request_origin origin() const {
    return {incoming.id, incoming.trace_parent};
  }

  /// Wraps `go_on`, which is called with a message. Other requests share the runner, so an
  /// exception must not end it. It is answered with a 500.
  template <class Message, class GoOn>
  auto step(GoOn go_on) {
    return [me = shared_from_this(), go_on = std::move(go_on)](Message& message) mutable {
      me->attempt([&] { go_on(message); });
    };
  }

  /// Sends the answer as it is; handlers use answering.hpp.
  void send(response what) {
    to_.send(std::move(what));
  }

  request_runner_actor::pointer self = nullptr;
  const std::shared_ptr<const services> node;
  /// The request as it came. A body that was packed, or comes later, is put in its place.
  request incoming;
  const route& where;
  /// The values of the `:names` in the route's path.
  const std::vector<std::string> captures;
  /// What the admission found out about the caller, and the credential that a dealer has shown.
  admission admitted;
  credential shown;
  /// Whether a page of ours has sent it, with its cookie.
  bool is_from_page = false;
  /// The operator who views the dealer's pages; empty if it is the dealer.
  std::string viewer;
  /// The operator who is signed in.
  operator_identity caller;

private:
  template <class F>
  void attempt(F part) {
    try {
      part();
    } catch (const std::exception& error) {
      break_down(error.what());
    } catch (...) {
      break_down("an exception of no known type");
    }
  }

  void break_down(std::string_view why);
  void wait_for_body();
  void run_again();
  void handle();

  /// Expired once the server has ended.
  const std::weak_ptr<request_runners> runners_;
  reply to_;
  bool is_admitted_ = false;
  /// Held by long work until it is answered. The dealer's next waits until then: a large body takes
  /// memory for as long, and all dealers share the threads.
  dealer_turns::turn turn_;
};

} // namespace meisim::http

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(meisim::http::exchange_pointer)

#pragma once

#include "http/server/body_budget.hpp"
#include "http/server/response.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace Pistache::Tcp {
class Peer;
}

namespace meisim::http {

class worker;

/// Where an answer must go: to this request of this connection, on the worker that owns it. Any
/// thread may answer with this small value, once. If the client has gone, nothing happens.
class reply {
public:
  reply() = default;

  /// `work` counts the request as under way for as long as somebody holds the reply.
  reply(std::weak_ptr<worker> owner, std::weak_ptr<Pistache::Tcp::Peer> peer,
        uint64_t request_number, std::shared_ptr<const void> work)
    : owner_(std::move(owner)), peer_(std::move(peer)), request_number_(request_number),
      work_(std::move(work)) {
    // nop
  }

  /// Gets the body, and its share of the memory for bodies, on a worker's thread.
  using body_taker = std::function<void(std::string, body_share)>;

  /// Reads the body of a request that awaits it. A client that waits is told to send it. If the
  /// body does not come, the server answers, and the taker is dropped.
  void read_body(body_taker take) const;

  /// Sends the answer. A second answer, or one that comes too late, is dropped.
  void send(response what) const;

private:
  std::weak_ptr<worker> owner_;
  std::weak_ptr<Pistache::Tcp::Peer> peer_;
  uint64_t request_number_ = 0;
  std::shared_ptr<const void> work_;
};

} // namespace meisim::http

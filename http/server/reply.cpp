#include "http/server/reply.hpp"

#include "http/server/worker.hpp"

namespace meisim::http {

void reply::send(response what) const {
  auto owner = owner_.lock();
  if (!owner || peer_.expired())
    return;
  auto answer = std::make_shared<const response>(std::move(what));
  owner->post([raw = owner.get(), peer = peer_, number = request_number_, answer] {
    raw->answer(peer, number, *answer);
  });
}

} // namespace meisim::http

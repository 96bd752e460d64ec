#include "http/server/reply.hpp"

#include "http/server/worker.hpp"

namespace meisim::http {

void reply::read_body(body_taker take) const {
  auto owner = owner_.lock();
  if (!owner)
    return;
  // This is posted even for a client that has gone, so that the taker's values are freed on the
  // worker's thread.
  auto shared = std::make_shared<body_taker>(std::move(take));
  owner->post([raw = owner.get(), peer = peer_, number = request_number_, shared] {
    raw->read_body(peer, number, std::move(*shared));
  });
}

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

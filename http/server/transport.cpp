#include "http/server/transport.hpp"

#include "protocols/base/log.hpp"

#include <sys/socket.h>

namespace meisim::http {

std::shared_ptr<Pistache::Tcp::Handler> byte_handler::clone() const {
  return std::make_shared<byte_handler>(owner_);
}

void byte_handler::onInput(const char* bytes, size_t size,
                           const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  // An exception ends only the connection whose bytes have caused it. The loop that calls this has
  // other clients to serve.
  try {
    owner_->on_input(peer, {bytes, size});
  } catch (const std::exception& error) {
    log_error("http: a request could not be read: {}", error.what());
    ::shutdown(peer->fd(), SHUT_RDWR);
  }
}

void byte_handler::onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  owner_->on_connection(peer);
}

void byte_handler::onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  owner_->on_disconnection(peer);
}

transport::transport(worker_factory make_worker, std::shared_ptr<worker> owner)
  : Pistache::Tcp::Transport(std::make_shared<byte_handler>(owner)),
    make_worker_(std::move(make_worker)), owner_(std::move(owner)) {
  // nop
}

std::shared_ptr<Pistache::Aio::Handler> transport::clone() const {
  return std::make_shared<transport>(make_worker_, make_worker_());
}

void transport::registerPoller(Pistache::Polling::Epoll& poller) {
  using namespace Pistache;
  Tcp::Transport::registerPoller(poller);
  for (int fd : {owner_->task_fd(), owner_->sweep_fd(), owner_->write_fd()})
    poller.addFd(fd, Flags<Polling::NotifyOn>(Polling::NotifyOn::Read),
                 Polling::Tag(static_cast<uint64_t>(fd)));
}

void transport::onReady(const Pistache::Aio::FdSet& ready) {
  // No exception may leave: it would end the thread with all its connections.
  try {
    Pistache::Tcp::Transport::onReady(ready);
  } catch (const std::exception& error) {
    log_error("http: reading failed: {}", error.what());
  }
  auto is_ready = [&](int fd) {
    for (size_t i = 0; i < ready.size(); ++i)
      if (ready.at(i).getTag() == Pistache::Polling::Tag(static_cast<uint64_t>(fd)))
        return true;
    return false;
  };
  try {
    if (is_ready(owner_->task_fd()))
      owner_->on_tasks();
    if (is_ready(owner_->write_fd()))
      owner_->on_write_again();
    if (is_ready(owner_->sweep_fd()))
      owner_->on_sweep();
  } catch (const std::exception& error) {
    log_error("http: answering failed: {}", error.what());
  }
}

} // namespace meisim::http

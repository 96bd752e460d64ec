#include "http/server/transport.hpp"

#include "protocols/base/log.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace meisim::http {

namespace {

/// How much is read from a client before the others of its thread have their turn.
constexpr size_t bytes_per_turn = size_t{64} * 1024;

Pistache::Polling::Event event_of(const Pistache::Aio::FdSet::Entry& entry) {
  using Pistache::Polling::NotifyOn;
  Pistache::Polling::Event event{entry.getTag()};
  if (entry.isReadable())
    event.flags.setFlag(NotifyOn::Read);
  if (entry.isWritable())
    event.flags.setFlag(NotifyOn::Write);
  if (entry.isHangup())
    event.flags.setFlag(NotifyOn::Hangup);
  return event;
}

} // namespace

std::shared_ptr<Pistache::Tcp::Handler> byte_handler::clone() const {
  return std::make_shared<byte_handler>(owner_);
}

void byte_handler::onInput(const char* bytes, size_t size,
                           const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  // An exception ends only the connection whose bytes have caused it, because the loop that calls
  // this serves other clients too.
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
    make_worker_(std::move(make_worker)), owner_(std::move(owner)), handler_(owner_) {
  owner_->on_resume([this](const std::shared_ptr<Pistache::Tcp::Peer>& peer) { read(peer); });
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
  using namespace Pistache;
  std::vector<Polling::Event> others;
  std::vector<std::shared_ptr<Tcp::Peer>> senders;
  auto is_ready = [&](int fd) {
    return std::ranges::any_of(ready, [fd](const auto& entry) {
      return entry.getTag() == Polling::Tag(static_cast<uint64_t>(fd));
    });
  };
  for (const auto& entry : ready) {
    auto sender = peers.find(static_cast<int>(entry.getTag().value()));
    if (entry.isReadable() && sender != peers.end())
      senders.push_back(sender->second);
    else
      others.push_back(event_of(entry));
  }
  bool has_tasks = is_ready(owner_->task_fd());
  bool can_write = is_ready(owner_->write_fd());
  bool has_to_sweep = is_ready(owner_->sweep_fd());
  // No exception may leave: it would end the thread with all its connections.
  try {
    Tcp::Transport::onReady(Aio::FdSet{std::move(others)});
    for (const auto& sender : senders)
      read(sender);
  } catch (const std::exception& error) {
    log_error("http: reading failed: {}", error.what());
  }
  try {
    if (has_tasks)
      owner_->on_tasks();
    if (can_write)
      owner_->on_write_again();
    if (has_to_sweep)
      owner_->on_sweep();
  } catch (const std::exception& error) {
    log_error("http: answering failed: {}", error.what());
  }
}

/// Reads what a client has sent. A client that sends without end waits after a while until the
/// others of this thread have had their turn. A client whose request is being answered is read from
/// later.
void transport::read(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  for (size_t taken = 0; owner_->takes_input(peer);) {
    if (taken >= bytes_per_turn)
      return owner_->post([this, waiting = std::weak_ptr{peer}] {
        if (auto alive = waiting.lock())
          read(alive);
      });
    auto count = ::recv(peer->fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      return;
    if (count <= 0)
      return end(peer);
    handler_.onInput(buffer_.data(), static_cast<size_t>(count), peer);
    taken += static_cast<size_t>(count);
  }
}

void transport::end(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  handler_.onDisconnection(peer);
  removePeer(peer);
}

} // namespace meisim::http

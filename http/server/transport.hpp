#pragma once

#include "http/server/worker.hpp"

#include <pistache/tcp.h>
#include <pistache/transport.h>

#include <array>
#include <functional>
#include <memory>

namespace meisim::http {

/// Hands what Pistache reads to a worker.
class byte_handler : public Pistache::Tcp::Handler {
public:
  explicit byte_handler(std::shared_ptr<worker> owner) : owner_(std::move(owner)) {
    // nop
  }

  std::shared_ptr<Pistache::Tcp::Handler> clone() const override;

  void onInput(const char* bytes, size_t size,
               const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
  void onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;

private:
  std::shared_ptr<worker> owner_;
};

/// Pistache's transport with a worker beside it, whose descriptors it polls. It reads from clients
/// itself, because Pistache would read from one client for as long as it sends. Pistache clones it
/// for each thread. Each clone has a worker of its own.
class transport : public Pistache::Tcp::Transport {
public:
  using worker_factory = std::function<std::shared_ptr<worker>()>;

  transport(worker_factory make_worker, std::shared_ptr<worker> owner);

  std::shared_ptr<Pistache::Aio::Handler> clone() const override;

  void registerPoller(Pistache::Polling::Epoll& poller) override;

  void onReady(const Pistache::Aio::FdSet& ready) override;

private:
  void read(const std::shared_ptr<Pistache::Tcp::Peer>& peer);
  void end(const std::shared_ptr<Pistache::Tcp::Peer>& peer);

  worker_factory make_worker_;
  std::shared_ptr<worker> owner_;
  byte_handler handler_;
  std::array<char, 16'384> buffer_;
};

} // namespace meisim::http

#include "http/server/server.hpp"

#include "http/server/transport.hpp"
#include "http/server/worker.hpp"

#include <pistache/listener.h>
#include <sys/resource.h>

#include <csignal>
#include <stdexcept>
#include <thread>

namespace meisim::http {

namespace {

constexpr int listen_backlog = 1'024;

/// Each connection takes a descriptor, and if none were left, the acceptor would spin.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

} // namespace

struct server::implementation {
  std::shared_ptr<server_shared> shared = std::make_shared<server_shared>();
  std::unique_ptr<Pistache::Tcp::Listener> listener;
};

server::server(server_settings settings, server_callbacks callbacks)
  : implementation_(std::make_unique<implementation>()) {
  if (!settings.body_memory)
    settings.body_memory = std::make_shared<body_budget>(default_body_memory);
  if (!settings.in_flight)
    settings.in_flight = std::make_shared<std::atomic<uint32_t>>(0);
  implementation_->shared->settings = std::move(settings);
  implementation_->shared->callbacks = std::move(callbacks);
}

server::~server() {
  stop();
}

void server::start() {
  using namespace Pistache;
  raise_descriptor_limit();
  std::signal(SIGPIPE, SIG_IGN);
  auto shared = implementation_->shared;
  const auto& settings = shared->settings;
  Address address{settings.address + ":" + std::to_string(settings.port)};
  auto listener = std::make_unique<Tcp::Listener>();
  listener->init(settings.workers,
                 Flags<Tcp::Options>(Tcp::Options::ReuseAddr | Tcp::Options::NoDelay
                                     | Tcp::Options::CloseOnExec),
                 "http", listen_backlog);
  auto make_worker = [shared] { return std::make_shared<worker>(shared); };
  listener->setTransportFactory(
    [make_worker] { return std::make_shared<transport>(make_worker, make_worker()); });
  listener->setHandler(std::make_shared<byte_handler>(make_worker()));
  try {
    listener->bind(address);
    listener->runThreaded();
  } catch (const std::exception& error) {
    throw std::runtime_error("cannot listen on " + settings.address + ":"
                             + std::to_string(settings.port) + ": " + error.what());
  }
  implementation_->listener = std::move(listener);
}

uint16_t server::port() const {
  return implementation_->listener ? static_cast<uint16_t>(implementation_->listener->getPort())
                                   : uint16_t{0};
}

uint32_t server::in_flight() const {
  return implementation_->shared->settings.in_flight->load();
}

uint32_t server::connections() const {
  return implementation_->shared->counts.all();
}

void server::linger() {
  implementation_->shared->is_lingering = true;
}

void server::drain(std::chrono::milliseconds patience) {
  implementation_->shared->is_draining = true;
  auto until = std::chrono::steady_clock::now() + patience;
  while (implementation_->shared->open_answers.load() > 0
         && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
}

void server::stop() {
  if (!implementation_->listener)
    return;
  implementation_->listener->shutdown();
  implementation_->listener.reset();
}

} // namespace meisim::http

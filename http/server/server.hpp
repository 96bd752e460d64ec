#pragma once

#include "http/server/client_address.hpp"
#include "http/server/reply.hpp"
#include "http/server/request_reader.hpp"
#include "http/server/response.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace meisim::http {

struct server_settings {
  std::string address = "127.0.0.1";
  /// 0 picks a free port.
  uint16_t port = 0;
  trusted_proxies proxies;
  uint32_t workers = 1;
  uint32_t most_connections = 10'000;
  /// The most connections of one address, or network of IPv6, that is no trusted proxy.
  uint32_t most_connections_per_address = 10'000;
  /// The memory for the bodies of all requests under way. Several servers may share it.
  std::shared_ptr<body_budget> body_memory;
  /// Counts the requests under way, even if their client has gone.
  std::shared_ptr<std::atomic<uint32_t>> in_flight;
  /// Requests under way over all connections; the next one gets 503 at once.
  uint32_t most_in_flight = 2'048;
  std::chrono::seconds idle_timeout{75};
  std::chrono::seconds header_timeout{10};
  std::chrono::seconds body_timeout{30};
  /// How long an answer may take before the client gets 503.
  std::chrono::seconds answer_timeout{10};
  /// How long a client may go without reading any of its answer.
  std::chrono::seconds write_timeout{60};
};

/// A request that has been answered, for log and metrics.
struct access_record {
  std::string_view method;
  std::string request_id;
  /// The client's address, even if a proxy stands between.
  std::string address;
  log_note note;
  int status = 0;
  int64_t micros = 0;
};

struct server_callbacks {
  /// Gets each request on a worker's thread. It must not block, and answers through the reply. A
  /// large body is still to come then. Returns what the caller can do if the answer comes too late.
  std::function<recourse(request&&, reply)> handle;
  request_reader::body_limit body_limit;
  /// Gets each request that has been answered; may be empty.
  std::function<void(const access_record&)> log;
};

/// An HTTP/1.1 server: Pistache carries the bytes, Boost.Beast reads them, and each connection has
/// one request under way at a time; what is pipelined behind it is answered in order.
class server {
public:
  server(server_settings settings, server_callbacks callbacks);

  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and serves. Throws std::runtime_error if the port cannot be had.
  void start();

  /// The port it listens on.
  uint16_t port() const;

  /// Requests under way.
  uint32_t in_flight() const;

  /// Open connections.
  uint32_t connections() const;

  /// Serves on, but asks every client to connect anew. The balancer then leads it to another node.
  void linger();

  /// Accepts nothing new (unless it lingers), and closes each connection after the answer under
  /// way. Returns when no answer is under way any more, or `patience` has passed.
  void drain(std::chrono::milliseconds patience);

  /// Stops serving. Answers that come later are dropped.
  void stop();

private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace meisim::http

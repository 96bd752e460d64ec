#pragma once

#include "http/server/request.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace meisim::sandbox {

/// A small HTTPS server for a handful of clients, a thread for each. Not for the Internet.
class tls_listener {
public:
  /// The bytes of the answer; none to close the connection, or to say nothing (`is_silent`).
  struct reply {
    std::string bytes;
    bool is_silent = false;
  };

  using handler = std::function<reply(http::request&&)>;

  /// Listens on `port` of `address` (0 picks a free one), with a certificate and its key in PEM
  /// files. Throws std::runtime_error if that cannot be.
  tls_listener(const std::string& address, uint16_t port, const std::string& certificate,
               const std::string& key, handler answer);

  /// Closes all connections.
  ~tls_listener();

  tls_listener(const tls_listener&) = delete;
  tls_listener& operator=(const tls_listener&) = delete;

  uint16_t port() const;

private:
  class server;

  std::unique_ptr<server> server_;
};

} // namespace meisim::sandbox

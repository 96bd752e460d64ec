#pragma once

#include "apps/sandbox/smdp_sandbox.hpp"
#include "apps/sandbox/tls_listener.hpp"

#include <cstdint>
#include <string>

namespace meisim::sandbox {

/// Where the SM-DP+ is found, and how it proves who it is.
struct smdp_settings {
  std::string address = "127.0.0.1";
  /// 0 picks a free one.
  uint16_t port = 0;
  /// PEM files.
  std::string certificate;
  std::string key;
};

/// The SM-DP+ over HTTPS.
class smdp_server {
public:
  /// Throws std::runtime_error if it cannot listen there.
  explicit smdp_server(const smdp_settings& settings);

  uint16_t port() const {
    return listener_.port();
  }

  /// See `smdp_sandbox::show`.
  std::string show() const {
    return orders_.show();
  }

private:
  smdp_sandbox orders_;
  tls_listener listener_;
};

} // namespace meisim::sandbox

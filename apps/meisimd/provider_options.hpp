#pragma once

#include "protocols/orders/foreign_charge.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// How an upstream provider is called.
struct provider_limits {
  /// Most calls at once; the rest waits its turn.
  uint32_t concurrency = 64;
  /// From the start of a call to the last byte of its answer.
  uint32_t timeout_ms = 8'000;
  /// For how long the provider is asked about an order whose fate is unknown.
  uint32_t patience_ms = 18'000;
  /// Failures in a row that open the circuit, the pause before the first probe, and the longest.
  uint32_t breaker_failures = 5;
  uint32_t breaker_pause_ms = 1'000;
  uint32_t breaker_longest_pause_ms = 30'000;
  /// Whole dollars; the log tells when there is less on the account at the provider.
  uint32_t low_balance_usd = 0;
};

/// A provider: what it sells begins with its prefix.
struct provider_options {
  /// Two to eight letters and digits: `p4`.
  std::string prefix;
  /// The name of its wire format.
  std::string format;
  std::string url;
  provider_limits limits;
  /// What the other currencies are worth in which the provider charges.
  std::vector<exchange_rate> rates = {};
};

/// Reads `p4=packages@https://host[,concurrency=16][,timeout-ms=5000][,rate-EUR=1.09]…`; `fallback`
/// holds where nothing else is said. A rate holds from now on. Throws std::invalid_argument with a
/// sentence.
provider_options read_provider(std::string_view text, const provider_limits& fallback);

/// Throws std::invalid_argument if the limits make no sense, or let a caller wait longer than the
/// edge does.
void check_limits(const provider_limits& limits);

} // namespace meisim

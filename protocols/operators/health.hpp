#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

enum class condition : uint8_t { ok, degraded, down };

constexpr std::string_view to_string(condition now) {
  switch (now) {
  case condition::ok:
    return "ok";
  case condition::degraded:
    return "degraded";
  case condition::down:
    return "down";
  }
  return "down";
}

/// The state of something that the service depends on, or does.
struct part_health {
  /// `database`, `provider p3`, `mail`, …
  std::string name;
  condition now = condition::ok;
  /// Why it is not `ok`, and what to type; empty if it is.
  std::string reason;
};

using health_report = std::vector<part_health>;

} // namespace meisim

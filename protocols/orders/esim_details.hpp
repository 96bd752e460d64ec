#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace meisim {

/// What dealers read of an eSIM, whichever provider has sold it.
struct esim_details {
  std::string iccid;
  std::string bundle;
  /// `Released`, `Installed`, `Active`, `Expired` or `Revoked`.
  std::string state;
  std::optional<int64_t> allowance_mb = {};
  std::optional<int64_t> used_mb = {};
  /// RFC 3339; empty if it is not known or has not begun.
  std::string expires_at = {};
};

std::string to_json(const esim_details& details);

} // namespace meisim

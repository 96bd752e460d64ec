#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace meisim {

// What becomes of eSIMs after they were delivered, as far as their provider tells.

/// How an eSIM is used.
struct esim_usage {
  /// 1 to the order's quantity.
  int32_t unit = 1;
  bool is_installed = false;
  bool is_revoked = false;
  int64_t used_mb = 0;
  /// Zero if the provider does not tell it.
  int64_t allowance_mb = 0;
  /// Never, until the first use.
  instant expires_at;
};

/// Reads the details of an eSIM as dealers are told them; nothing if they cannot be read.
std::optional<esim_usage> read_esim_usage(std::string_view json, int32_t unit);

/// Whether there is nothing more to be told of it.
bool is_over(const esim_usage& usage, instant at);

/// How many percent of the data are used up, in the steps that a dealer is told: 0, 80 or 100.
int32_t told_percent(const esim_usage& usage);

/// How many days are left, in the steps that a dealer is told: 3 or 1. Nothing while more are left,
/// or none.
std::optional<int32_t> told_days(const esim_usage& usage, instant at);

/// The eSIMs of an order are used like this. In one commit the dealer is told what is new, and the
/// job that asked becomes due again or ends.
struct note_esim_usage {
  order_id order;
  std::vector<esim_usage> units;
  /// The number under which the job was taken.
  int32_t attempt = 0;
  /// Zero if nothing more can happen.
  int32_t pause_seconds = 0;
};

} // namespace meisim

#pragma once

#include "actors/verification/es9p_relay.hpp"
#include "protocols/verification/verdict_table.hpp"

#include <caf/expected.hpp>
#include <json/value.h>

#include <chrono>
#include <memory>
#include <string>

namespace meisim {

/// A device that the `lpac` program speaks to.
struct lpac_settings {
  /// The program: a path, or a name in $PATH.
  std::string binary = "lpac";
  /// The PC/SC reader with the eUICC.
  std::string reader;
  /// The device's IMEI, as the SM-DP+ is told; empty to tell none.
  std::string imei;
  /// The most that a check may take.
  std::chrono::seconds timeout{60};
  /// An SM-DP+ that the self-test connects to, without a request; empty for none.
  std::string test_host;
  relay_settings network;
  /// What the ends of checks mean.
  std::shared_ptr<const verdict_table> table = std::make_shared<const verdict_table>();
};

/// The settings of a device, as they stand in the configuration: `reader` (needed), `binary`,
/// `imei`, `timeout_seconds` (1 to 600), `ca_file`, `test_host`, `verdict_table` (a file, see
/// `read_verdict_table`), and for tests `allow_private` and `connect_to`. `name` and `driver` may
/// stand beside them. `invalid` names the setting.
caf::expected<lpac_settings> read_lpac_settings(const Json::Value& from);

} // namespace meisim

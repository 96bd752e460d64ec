#pragma once

#include "protocols/interfaces.hpp"
#include "protocols/verification/devices.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace meisim {

/// A device as it is configured.
struct device_config {
  std::string name;
  /// `simulated` or `lpac`.
  std::string driver;
  /// The node at which it stands.
  std::string node;
  /// See `device_report::site`.
  std::string site;
  /// Whether it gets no rows before its self-test has gone well.
  bool is_tested_first = false;
  /// A check that takes longer is ended by force.
  std::chrono::milliseconds deadline{60'000};
  /// So many failures in a row take the device out of service.
  int failures_to_rest = 5;
  /// The first rest; each failed probe doubles it.
  std::chrono::seconds first_rest{10};
  std::chrono::seconds longest_rest{900};
  /// Makes the driver, at the start and whenever the last one had to be killed.
  std::function<device_driver_actor(caf::actor_system&)> make_driver;
};

/// What a device keeps in memory: its part of the state machine `starting` -> `idle` | `refused`,
/// `idle` -> `checking` -> `idle` | `resting` -> `probing` -> `checking`, and `drained` from all. A
/// refused device is tested again after growing rests. A device that has failed by its own fault is
/// back at `starting`. A device that waits for rows is `refused` if a self-test fails.
struct validator_device_state {
  static inline const char* name = "validator-device";

  device_config config;
  device_owner_actor owner;
  device_driver_actor driver;
  device_report report;
  /// What is being checked now.
  std::optional<check_order> current;
  instant begun;
  std::chrono::steady_clock::time_point late_at;
  std::chrono::steady_clock::time_point rested_at;
  std::chrono::seconds rest{0};
  /// Whether the check under way is the probe after a rest.
  bool is_probe = false;
  /// Whether it tests itself because somebody has asked for it.
  bool is_in_test = false;
  bool is_draining = false;
  bool is_ticking = false;
};

/// Spawns as VALIDATOR DEVICE, and tells `owner` that it is there.
validator_device_actor::behavior_type validator_device(
  validator_device_actor::stateful_pointer<validator_device_state> self, device_config config,
  device_owner_actor owner);

} // namespace meisim

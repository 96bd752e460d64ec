#pragma once

#include "actors/verification/validator_device.hpp"
#include "protocols/base/identity.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

struct device_link_config {
  /// The name under which this node greets.
  std::string name;
  /// What proves it; nothing where no TLS is used.
  std::optional<identity_files> identity;
  std::vector<device_config> devices;
  /// Where core nodes take devices, tried in turn: `host:port`.
  std::vector<std::string> core_nodes;
  /// Reaches the gate at one of these addresses. It blocks.
  std::function<caf::expected<device_gate_actor>(caf::actor_system&, const std::string&)> connect;
  /// How long the answer to a greeting may take.
  std::chrono::milliseconds patience{5'000};
  /// The pause after all have been tried in vain; it doubles up to the longest.
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{15'000};
};

struct device_link_state {
  static inline const char* name = "device-link";

  device_link_config config;
  device_owner_actor owner;
  /// Shared with the function that ends the devices when the link ends.
  std::shared_ptr<std::vector<validator_device_actor>> devices;
  /// The core node that is tried next.
  size_t next = 0;
  std::chrono::milliseconds pause{0};
};

/// Spawns as DEVICE LINK: reaches a core node, greets it, and has the devices work for it. When the
/// link drops, the checks of the devices end (the core node gives the rows to others), and the next
/// core node is tried. Blocks while it connects: spawn it detached.
device_link_actor::behavior_type device_link(
  device_link_actor::stateful_pointer<device_link_state> self, device_link_config config);

} // namespace meisim

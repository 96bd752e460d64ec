#pragma once

#include "actors/verification/validator_device.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/identity.hpp"
#include "protocols/interfaces.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace meisim {

// Devices of other sites live on the far side of an actor system of their own, which holds nothing
// else (apps/meisimd/device_side.hpp). Two actors carry words across: the gate on that side, which
// is all that a site can reach, and this one. Between two systems of one process words go without
// a sender, so that neither system hands out actors of the other.

struct remote_devices_state {
  static inline const char* name = "remote-devices";

  // Not a handle as the first member: CAF would make the state from the actor's own pointer.
  /// What stands for each device here, by the device's address.
  std::unordered_map<caf::actor_addr, validator_device_actor> known;
  verification_actor verification;
  /// Of this node: its own devices bear it.
  std::string own_name;
};

/// Spawns what VERIFICATION takes for the devices of other sites: each is stood for by an actor of
/// this system, which ends with it. A report of a device that this node could have itself, or whose
/// name is not of its site, is dropped.
device_owner_actor::behavior_type remote_devices(
  device_owner_actor::stateful_pointer<remote_devices_state> self, verification_actor verification,
  std::string own_name);

/// A site that has said who it is.
struct known_site {
  std::string name;
  /// Its device link, with which it goes.
  caf::actor_addr link;
};

struct device_gate_state {
  static inline const char* name = "device-gate";

  // Not a handle as the first member, as above.
  /// What sites are held against; nothing where no TLS is used.
  std::optional<identity_files> identity;
  /// What sites sign, so that what they have told another process is worth nothing here.
  const std::string challenge = to_string(make_uuid());
  /// By the process that has greeted.
  std::unordered_map<caf::node_id, known_site> sites;
  device_owner_actor inside;
};

/// Spawns as DEVICE GATE. It passes on to `inside`, the actor above, what sites say of their own
/// devices, once they have proved by what name they go.
device_gate_actor::behavior_type device_gate(
  device_gate_actor::stateful_pointer<device_gate_state> self, device_owner_actor inside,
  std::optional<identity_files> identity);

} // namespace meisim

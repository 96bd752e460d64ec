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
// else (apps/meisimd/device_side.hpp). Two actors carry messages across: the gate on that side,
// which is all that a site can reach, and this one. Between the two systems of one process,
// messages go without a sender, so that neither system hands out actors of the other.

struct remote_devices_state {
  static inline const char* name = "remote-devices";

  // Not a handle as the first member: CAF would make the state from the actor's own pointer.
  /// The stand-in of each device here, by the device's address.
  std::unordered_map<caf::actor_addr, validator_device_actor> known;
  verification_actor verification;
  /// The name of this node, which its own devices bear.
  std::string own_name;
};

/// Spawns what VERIFICATION takes for the devices of other sites: each has a stand-in, an actor of
/// this system that ends with it. A report is dropped if its device could be this node's own, or if
/// its name does not belong to its site.
device_owner_actor::behavior_type remote_devices(
  device_owner_actor::stateful_pointer<remote_devices_state> self, verification_actor verification,
  std::string own_name);

/// A site that has said who it is.
struct known_site {
  std::string name;
  /// Its device link. The site is forgotten when the link ends.
  caf::actor_addr link;
};

struct device_gate_state {
  static inline const char* name = "device-gate";

  // Not a handle as the first member, as above.
  /// What sites are checked against; nothing where no TLS is used.
  std::optional<identity_files> identity;
  /// What sites have to sign. It is new for each process, so a signature for another process is
  /// worth nothing here.
  const std::string challenge = to_string(make_uuid());
  /// By the process that has greeted.
  std::unordered_map<caf::node_id, known_site> sites;
  device_owner_actor inside;
};

/// Spawns as DEVICE GATE. Once a site has proved its name, the gate passes on what it says of its
/// own devices to `inside`, the actor above.
device_gate_actor::behavior_type device_gate(
  device_gate_actor::stateful_pointer<device_gate_state> self, device_owner_actor inside,
  std::optional<identity_files> identity);

} // namespace meisim

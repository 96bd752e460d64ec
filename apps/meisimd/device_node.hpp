#pragma once

#include "actors/verification/device_link.hpp"
#include "apps/meisimd/options.hpp"

#include <vector>

namespace meisim {

/// Lends the devices of this node to the core nodes that it is to join. Throws std::runtime_error
/// if none are named.
device_link_actor lend_devices(caf::actor_system& system, const node_options& options,
                               std::vector<device_config> devices);

/// Runs a node that has devices and nothing else, without a database, until a signal ends it.
/// Throws std::runtime_error if its settings are wrong.
int run_device_node(const node_options& options);

} // namespace meisim

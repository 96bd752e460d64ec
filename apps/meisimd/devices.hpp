#pragma once

#include "actors/validator_device.hpp"
#include "apps/meisimd/options.hpp"

#include <vector>

namespace meisim {

/// The validator devices of this node, as the options and the file of devices say. Throws
/// std::runtime_error that tells what is wrong with the file.
std::vector<device_config> configured_devices(const node_options& options);

} // namespace meisim

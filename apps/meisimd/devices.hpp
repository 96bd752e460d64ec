#pragma once

#include "actors/verification/device_list.hpp"
#include "apps/meisimd/options.hpp"

#include <memory>
#include <vector>

namespace meisim {

/// The validator devices of this node, as the options and the file of devices say. Throws
/// std::runtime_error that tells what is wrong with the file.
std::vector<device_config> configured_devices(
  const node_options& options, const std::shared_ptr<prometheus::Registry>& registry);

} // namespace meisim

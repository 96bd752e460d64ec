#pragma once

#include "actors/verification/simulated_driver.hpp"
#include "actors/verification/validator_device.hpp"

#include <caf/expected.hpp>
#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// Where devices stand.
struct device_site {
  /// The node's name: the devices' names begin with it, so that those of two nodes differ.
  std::string node;
  std::shared_ptr<prometheus::Registry> registry;
  /// See `device_report::site`. It is a new one after each start, unless the node has a database,
  /// which lets no two nodes have the same name.
  std::string id = {};
};

/// A device that is simulated.
device_config simulated_device(const device_site& site, const std::string& name,
                               simulated_settings settings);

/// The devices that a file lists: `{"devices": [{"name": "card-1", "driver": "lpac", …}, …]}`. A
/// `simulated` one may have `latency_ms` and `jitter_percent`; for an `lpac` one, see
/// `read_lpac_settings`. `invalid` names the device and the field.
caf::expected<std::vector<device_config>> read_devices(std::string_view json,
                                                       const device_site& site);

} // namespace meisim

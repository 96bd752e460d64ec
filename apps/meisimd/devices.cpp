#include "apps/meisimd/devices.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/id.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

namespace meisim {

namespace {

std::vector<device_config> listed_devices(const std::string& path, const device_site& site) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file)
    throw std::runtime_error(fmt::format("devices-file {} cannot be read", path));
  auto devices = read_devices(text, site);
  if (!devices)
    throw std::runtime_error(fmt::format("devices-file {}: {}", path, message_of(devices.error())));
  return std::move(*devices);
}

} // namespace

std::vector<device_config> configured_devices(
  const node_options& options, const std::shared_ptr<prometheus::Registry>& registry) {
  device_site site{options.node_name, registry,
                   options.is_device_node() ? to_string(make_uuid()) : options.node_name};
  std::vector<device_config> devices;
  if (!options.devices_file.empty())
    devices = listed_devices(options.devices_file, site);
  std::set<std::string> names;
  for (const auto& device : devices)
    names.insert(device.name);
  simulated_settings settings;
  settings.latency = std::chrono::milliseconds{options.simulated_latency_ms};
  for (uint32_t i = 1; i <= options.simulated_devices; ++i) {
    devices.push_back(simulated_device(site, fmt::format("sim-{}", i), settings));
    if (names.contains(devices.back().name))
      throw std::runtime_error(fmt::format("devices-file {}: the name sim-{} is taken by a "
                                           "simulated device",
                                           options.devices_file, i));
  }
  return devices;
}

} // namespace meisim

#include "apps/meisimd/devices.hpp"

#include "actors/simulated_driver.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// A simulator that takes a few times its latency hangs.
std::chrono::milliseconds deadline_for(std::chrono::milliseconds latency) {
  return std::max<std::chrono::milliseconds>(5s, 4 * latency);
}

device_config simulated_device(std::string name, std::string node, simulated_settings settings) {
  device_config device;
  device.name = std::move(name);
  device.driver = "simulated";
  device.node = std::move(node);
  device.deadline = deadline_for(settings.latency);
  device.make_driver = [settings](caf::actor_system& system) {
    return device_driver_actor{system.spawn(simulated_driver, settings)};
  };
  return device;
}

} // namespace

std::vector<device_config> configured_devices(const node_options& options) {
  std::vector<device_config> devices;
  simulated_settings settings;
  settings.latency = std::chrono::milliseconds{options.simulated_latency_ms};
  for (uint32_t i = 1; i <= options.simulated_devices; ++i)
    devices.push_back(simulated_device(fmt::format("{}.sim-{}", options.node_name, i),
                                       options.node_name, settings));
  return devices;
}

} // namespace meisim

#include "actors/verification/device_list.hpp"

#include "actors/verification/lpac_driver.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr size_t longest_name = 64;
constexpr int64_t longest_latency_ms = 600'000;

/// A simulated check that takes a few times the latency is taken to hang.
std::chrono::milliseconds deadline_for(std::chrono::milliseconds latency) {
  return std::max<std::chrono::milliseconds>(5s, 4 * latency);
}

device_config blank_device(const device_site& site, const std::string& name, const char* driver) {
  device_config device;
  device.name = site.node + '.' + name;
  device.driver = driver;
  device.node = site.node;
  device.site = site.id;
  return device;
}

/// The driver ends its checks itself. The device ends one only if the driver fails to, so it waits
/// a little longer.
device_config lpac_device(const device_site& site, const std::string& name,
                          lpac_settings settings) {
  auto device = blank_device(site, name, "lpac");
  device.is_tested_first = true;
  device.deadline = settings.timeout + 10s;
  device.make_driver = [settings = std::move(settings), name = device.name,
                        registry = site.registry](caf::actor_system& system) {
    return device_driver_actor{system.spawn(lpac_driver, name, settings, registry)};
  };
  return device;
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= longest_name
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || c == '-' || c == '_' || c == '.';
            });
}

caf::expected<simulated_settings> read_simulated_settings(const Json::Value& from) {
  constexpr std::array<std::string_view, 4> known{"name", "driver", "latency_ms", "jitter_percent"};
  for (const auto& field : from.getMemberNames())
    if (std::find(known.begin(), known.end(), field) == known.end())
      return make_error(ec::invalid, field + " is no setting of the simulated driver");
  simulated_settings result;
  auto number = [&](const char* field, int64_t fallback) {
    return number_of(from, field, from.isMember(field) ? -1 : fallback);
  };
  auto latency = number("latency_ms", result.latency.count());
  if (latency < 0 || latency > longest_latency_ms)
    return make_error(ec::invalid, "latency_ms must be a whole number from 0 to 600000");
  auto jitter = number("jitter_percent", result.jitter_percent);
  if (jitter < 0 || jitter > 100)
    return make_error(ec::invalid, "jitter_percent must be a whole number from 0 to 100");
  result.latency = std::chrono::milliseconds{latency};
  result.jitter_percent = static_cast<int>(jitter);
  return result;
}

caf::expected<device_config> read_device(const Json::Value& from, const device_site& site) {
  if (!from.isObject())
    return make_error(ec::invalid, "it must be an object");
  auto name = text_of(from, "name");
  if (!is_name(name))
    return make_error(ec::invalid,
                      "name must be 1 to 64 letters, digits, hyphens, underscores and dots");
  auto driver = text_of(from, "driver");
  if (driver == "lpac") {
    auto settings = read_lpac_settings(from);
    if (!settings)
      return std::move(settings.error());
    return lpac_device(site, name, std::move(*settings));
  }
  if (driver == "simulated") {
    auto settings = read_simulated_settings(from);
    if (!settings)
      return std::move(settings.error());
    return simulated_device(site, name, *settings);
  }
  return make_error(ec::invalid, "driver must be lpac or simulated");
}

} // namespace

device_config simulated_device(const device_site& site, const std::string& name,
                               simulated_settings settings) {
  auto device = blank_device(site, name, "simulated");
  device.deadline = deadline_for(settings.latency);
  device.make_driver = [settings](caf::actor_system& system) {
    return device_driver_actor{system.spawn(simulated_driver, settings)};
  };
  return device;
}

caf::expected<std::vector<device_config>> read_devices(std::string_view json,
                                                       const device_site& site) {
  auto root = parse_json_object(json);
  if (!root || !member(*root, "devices").isArray() || root->size() != 1)
    return make_error(ec::invalid, R"(expected {"devices": [{"name": …, "driver": …}, …]})");
  std::vector<device_config> result;
  std::set<std::string> names;
  for (const auto& from : (*root)["devices"]) {
    auto where = fmt::format("device {}", result.size() + 1);
    if (auto name = text_of(from, "name"); is_name(name))
      where += fmt::format(" ({})", name);
    auto device = read_device(from, site);
    if (!device)
      return make_error(ec::invalid, where + ": " + message_of(device.error()));
    if (!names.insert(device->name).second)
      return make_error(ec::invalid, where + ": name stands in the list twice");
    result.push_back(std::move(*device));
  }
  return result;
}

} // namespace meisim

#include "apps/meisimd/device_node.hpp"

#include "actors/cluster/reach.hpp"
#include "apps/meisimd/device_side.hpp"
#include "apps/meisimd/devices.hpp"
#include "apps/meisimd/signals.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace meisim {

namespace {

network_address core_address(const std::string& text) {
  auto result = read_network_address(text);
  if (result.port == 0)
    throw std::runtime_error(fmt::format("join: {} is no host:port", text));
  return result;
}

caf::expected<device_gate_actor> reach_node(caf::actor_system& system, const std::string& node) {
  return reach<device_gate_actor>(system, core_address(node), std::chrono::seconds{1});
}

} // namespace

device_link_actor lend_devices(caf::actor_system& system, const node_options& options,
                               std::vector<device_config> devices) {
  device_link_config config;
  config.name = options.node_name;
  config.identity = options.devices_identity();
  config.devices = std::move(devices);
  config.core_nodes = options.join;
  config.connect = reach_node;
  if (config.core_nodes.empty())
    throw std::runtime_error("a node with the role devices and without the role core needs join");
  for (const auto& node : config.core_nodes)
    core_address(node);
  return system.spawn<caf::detached>(device_link, std::move(config));
}

int run_device_node(const node_options& options) {
  auto devices = configured_devices(options, std::make_shared<prometheus::Registry>());
  if (devices.empty())
    throw std::runtime_error("a node with the role devices needs devices-file");
  end_watch watch;
  {
    device_side side{options};
    auto link = lend_devices(side.system(), options, std::move(devices));
    fmt::print("meisimd ready devices\n");
    std::fflush(stdout);
    // A signal to read secrets again changes nothing here: each connection reads the certificate,
    // and a changed list of revoked ones is read by itself.
    while (wait_for_signal() == SIGHUP)
      log_info("nothing to read again");
    caf::anon_send_exit(link, caf::exit_reason::user_shutdown);
    watch.begin();
  }
  log_info("stopped");
  return 0;
}

} // namespace meisim

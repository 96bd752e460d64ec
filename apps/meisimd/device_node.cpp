#include "apps/meisimd/device_node.hpp"

#include "actors/device_link.hpp"
#include "apps/meisimd/devices.hpp"
#include "apps/meisimd/signals.hpp"
#include "apps/meisimd/system_config.hpp"
#include "protocols/log.hpp"

#include <caf/openssl/remote_actor.hpp>
#include <fmt/core.h>

#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace meisim {

namespace {

struct core_address {
  std::string host;
  uint16_t port = 0;
};

core_address read_address(const std::string& text) {
  core_address result;
  auto colon = text.rfind(':');
  if (colon != std::string::npos) {
    result.host = text.substr(0, colon);
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), result.port);
  }
  if (result.host.empty() || result.port == 0)
    throw std::runtime_error(fmt::format("join: {} is no host:port", text));
  return result;
}

caf::expected<device_owner_actor> reach(caf::actor_system& system, const std::string& node) {
  auto address = read_address(node);
  return caf::openssl::remote_actor<device_owner_actor>(system, address.host, address.port);
}

} // namespace

int run_device_node(const node_options& options) {
  device_link_config config;
  config.devices = configured_devices(options, std::make_shared<prometheus::Registry>());
  config.core_nodes = options.join;
  config.connect = reach;
  if (config.devices.empty())
    throw std::runtime_error("a node with the role devices needs devices-file");
  if (config.core_nodes.empty())
    throw std::runtime_error("a node with the role devices needs join");
  for (const auto& node : config.core_nodes)
    read_address(node);
  system_config settings{options};
  {
    caf::actor_system system{settings};
    auto link = system.spawn<caf::detached>(device_link, std::move(config));
    fmt::print("meisimd ready devices\n");
    std::fflush(stdout);
    wait_for_signal();
    caf::anon_send_exit(link, caf::exit_reason::user_shutdown);
    watch_the_end();
  }
  log_info("stopped");
  return 0;
}

} // namespace meisim

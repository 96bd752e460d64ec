#include "apps/meisimd/system_config.hpp"

#include "protocols/cluster/registry.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// By these a program of the product is known. Which messages two nodes both understand is settled
/// by their versions (protocols/cluster/wire_version.hpp).
constexpr const char* nodes_application = "meisim-1";
constexpr const char* devices_application = "meisim-devices-1";

void demand_file(const std::string& option, const std::string& path) {
  if (path.empty())
    throw std::runtime_error(fmt::format("{} must be set where nodes speak to each other", option));
  if (!std::ifstream{path})
    throw std::runtime_error(fmt::format("{}: {} cannot be read", option, path));
}

std::string text_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Whoever has a certificate of a CA can do what all others can who have one.
void demand_other_ca(const node_options& options) {
  if (!options.cluster_ca.empty() && !options.devices_ca.empty()
      && text_of(options.cluster_ca) == text_of(options.devices_ca))
    throw std::runtime_error(
      "devices-ca must be another CA than cluster-ca, or a site with devices "
      "could pass for a node (cluster-certs --devices makes one)");
}

} // namespace

system_config::system_config(size_t threads) {
  announce_messages(*this);
  // On few cores, idle threads that go to look for work cost more than they find.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", threads);
  set("scheduler.max-throughput", size_t{100});
}

system_config::system_config(size_t threads, const network_identity& identity)
  : system_config(threads) {
  // Without all three, CAF would take anybody.
  demand_file(identity.options + "-certificate", identity.certificate);
  demand_file(identity.options + "-key", identity.key);
  demand_file(identity.options + "-ca", identity.ca);
  openssl_certificate = identity.certificate;
  openssl_key = identity.key;
  openssl_cafile = identity.ca;
  load<caf::io::middleman>();
  load<caf::openssl::manager>();
  set("middleman.app-identifiers", std::vector<std::string>{identity.application});
  set("middleman.heartbeat-interval", caf::timespan{1s});
  set("middleman.connection-timeout", caf::timespan{5s});
}

system_config for_node(const node_options& options) {
  auto threads = static_cast<size_t>(options.scheduler_threads);
  if (!options.is_clustered())
    return system_config{threads};
  return {threads,
          {nodes_application, "cluster", options.cluster_certificate, options.cluster_key,
           options.cluster_ca}};
}

system_config for_devices(const node_options& options) {
  demand_other_ca(options);
  return {1,
          {devices_application, "devices", options.devices_certificate, options.devices_key,
           options.devices_ca}};
}

} // namespace meisim

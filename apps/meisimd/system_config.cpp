#include "apps/meisimd/system_config.hpp"

#include "apps/meisimd/revocations.hpp"
#include "protocols/base/pem_file.hpp"
#include "protocols/cluster/registry.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
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

/// Others would not take this node for the one whose name it bears.
void demand_name(const network_identity& identity) {
  auto names = names_in(identity.files.certificate);
  if (std::ranges::find(names, identity.name) == names.end())
    throw std::runtime_error(fmt::format(
      "{}-certificate: {} is for {}, and this node goes by the name {} (node-name)",
      identity.options, identity.files.certificate,
      names.empty() ? "nobody" : fmt::format("{}", fmt::join(names, ", ")), identity.name));
}

/// Whoever has a certificate of a CA can do what all others can who have one.
void demand_other_ca(const node_options& options) {
  if (!options.cluster_ca.empty() && !options.devices_ca.empty()
      && file_text(options.cluster_ca) == file_text(options.devices_ca))
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
  const auto& files = identity.files;
  demand_file(identity.options + "-certificate", files.certificate);
  demand_file(identity.options + "-key", files.key);
  demand_file(identity.options + "-ca", files.ca);
  if (!identity.name.empty())
    demand_name(identity);
  keep_out_revoked(files);
  openssl_certificate = files.certificate;
  openssl_key = files.key;
  openssl_cafile = files.ca;
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
  return {threads, {nodes_application, "cluster", options.cluster_identity(), options.node_name}};
}

system_config for_devices(const node_options& options) {
  demand_other_ca(options);
  return {1,
          {devices_application, "devices", options.devices_identity(),
           options.lends_devices() ? options.node_name : std::string{}}};
}

} // namespace meisim

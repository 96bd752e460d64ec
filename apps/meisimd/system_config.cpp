#include "apps/meisimd/system_config.hpp"

#include "protocols/cluster/registry.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <fmt/core.h>

#include <fstream>
#include <stdexcept>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// By this a node knows another one of the product. Which messages both understand is settled by
/// their versions (protocols/cluster/wire_version.hpp).
constexpr const char* app_identifier = "meisim-1";

void demand_file(const char* option, const std::string& path) {
  if (path.empty())
    throw std::runtime_error(fmt::format("{} must be set where nodes speak to each other", option));
  if (!std::ifstream{path})
    throw std::runtime_error(fmt::format("{}: {} cannot be read", option, path));
}

} // namespace

system_config::system_config(const node_options& options) {
  announce_messages(*this);
  // On few cores, idle threads that go to look for work cost more than they find.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", static_cast<size_t>(options.scheduler_threads));
  set("scheduler.max-throughput", size_t{100});
  if (options.speaks_to_nodes())
    use_network(options);
}

void system_config::use_network(const node_options& options) {
  // Without all three, CAF would take anybody.
  demand_file("cluster-certificate", options.cluster_certificate);
  demand_file("cluster-key", options.cluster_key);
  demand_file("cluster-ca", options.cluster_ca);
  openssl_certificate = options.cluster_certificate;
  openssl_key = options.cluster_key;
  openssl_cafile = options.cluster_ca;
  load<caf::io::middleman>();
  load<caf::openssl::manager>();
  set("middleman.app-identifiers", std::vector<std::string>{app_identifier});
  set("middleman.heartbeat-interval", caf::timespan{1s});
  set("middleman.connection-timeout", caf::timespan{5s});
}

} // namespace meisim

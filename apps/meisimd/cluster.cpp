#include "apps/meisimd/cluster.hpp"

#include "apps/meisimd/signals.hpp"
#include "persistence/cluster/nodes.hpp"
#include "protocols/base/log.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/remote.hpp"

#include <caf/openssl/publish.hpp>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace meisim {

namespace {

/// A node beats every second, even if it has much to do.
constexpr std::chrono::milliseconds node_beat_watch{3'000};

/// Throws if another process has this node's name. The last heartbeat of a process that has just
/// died may be written only now: two of them are a sign of life.
void refuse_twin(const std::string& name, database& db) {
  constexpr std::chrono::milliseconds step{250};
  auto known = last_beat(db, name);
  bool has_beaten = false;
  for (auto left = node_beat_watch; known && left.count() > 0; left -= step) {
    std::this_thread::sleep_for(step);
    auto next = last_beat(db, name);
    if (!next || *next == *known)
      continue;
    if (std::exchange(has_beaten, true))
      throw std::runtime_error(fmt::format(
        "a node {} is alive on this database: give this one another name (node-name)", name));
    known = next;
    left = node_beat_watch;
  }
}

} // namespace

std::string cluster_host(const node_options& options, database& db) {
  return options.cluster_address.empty() ? own_address(db) : options.cluster_address;
}

std::string open_gate(caf::actor_system& system, const node_gate_actor& gate,
                      const node_options& options, const std::string& host) {
  auto port = caf::openssl::publish(gate, options.cluster_port, host.c_str(), true);
  if (!port)
    throw std::runtime_error(fmt::format("cluster-port {} at {}: {}", options.cluster_port, host,
                                         system.render(port.error())));
  return fmt::format("{}:{}", host, *port);
}

void check_neighbours(const node_options& options, database& db) {
  end_on_signal meanwhile;
  refuse_twin(options.node_name, db);
  node_beat self;
  self.name = options.node_name;
  self.cluster = options.is_clustered() ? "yes" : "";
  self.speaks = spoken_here();
  // A node that has just died still counts as alive for a moment.
  auto until = std::chrono::steady_clock::now() + node_patience + std::chrono::seconds{1};
  while (auto reason = reason_to_stay_out(self, living_members(db))) {
    if (std::chrono::steady_clock::now() >= until)
      throw std::runtime_error(*reason);
    std::this_thread::sleep_for(std::chrono::milliseconds{250});
  }
}

} // namespace meisim

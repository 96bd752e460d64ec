#pragma once

#include "apps/meisimd/options.hpp"

#include <caf/actor_system_config.hpp>

namespace meisim {

/// What the actor system of a node is made with. Where other nodes are spoken to, that is by mutual
/// TLS only. Throws std::runtime_error if that is wanted without a certificate, key or CA.
struct system_config : caf::actor_system_config {
  explicit system_config(const node_options& options);

private:
  void use_network(const node_options& options);
};

} // namespace meisim

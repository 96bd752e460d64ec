#pragma once

#include "apps/meisimd/options.hpp"
#include "protocols/base/identity.hpp"

#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <string>

namespace meisim {

/// What an actor system speaks to others by: mutual TLS, and nothing else.
struct network_identity {
  /// By this both sides know what they speak.
  std::string application;
  /// How the options of the files begin: `cluster`, `devices`.
  std::string options;
  identity_files files;
  /// The node's, if the others hold its certificate against it.
  std::string name = {};
};

/// What an actor system of a node is made with.
struct system_config : caf::actor_system_config {
  /// A system that speaks to no other.
  explicit system_config(size_t threads);

  /// Throws std::runtime_error if a file is missing, or the certificate does not bear the name.
  system_config(size_t threads, const network_identity& identity);
};

/// For the actors of a node, which speak to other nodes where there are certificates for that.
/// Throws std::runtime_error if some are missing.
system_config for_node(const node_options& options);

/// For devices of other sites, and of this one. Throws std::runtime_error without certificates of
/// their own CA.
system_config for_devices(const node_options& options);

} // namespace meisim

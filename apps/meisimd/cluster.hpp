#pragma once

#include "apps/meisimd/options.hpp"
#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"

#include <string>

namespace meisim {

/// Where other nodes reach this one: the configured address, or the one by which it reaches the
/// database.
std::string cluster_host(const node_options& options, database& db);

/// Opens the gate to other nodes, by mutual TLS, and returns its `host:port`. Throws
/// std::runtime_error if the port cannot be had.
std::string open_gate(caf::actor_system& system, const node_gate_actor& gate,
                      const node_options& options, const std::string& host);

/// Throws std::runtime_error, with the reason, if this node must not join those that are alive.
void check_neighbours(const node_options& options, database& db);

} // namespace meisim

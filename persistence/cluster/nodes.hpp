#pragma once

#include "persistence/base/session.hpp"
#include "protocols/cluster/cluster.hpp"

#include <chrono>
#include <optional>

namespace meisim {

// The nodes of the cluster, and what they share through the database.

/// Writes down that the node is alive.
beat_answer write_beat(database& db, const node_beat& beat);

/// The time since the last heartbeat that this server knows of. While nodes live, a replica is at
/// most that old. Nothing if there is none.
std::optional<std::chrono::duration<double>> since_last_beat(database& db);

/// The nodes that are alive, by name.
std::vector<cluster_member> living_members(database& db);

/// Writes down that the node has gone.
void write_leaving(database& db, const node_leaves& node);

/// The nodes of the last day, by name.
node_list all_nodes(database& db);

/// The last heartbeat of the node of this name that is not known to be down.
std::optional<instant> last_beat(database& db, const std::string& name);

/// Asks a node that is alive to drain; false if there is none.
bool wish_drain(database& db, const drain_node& wish);

/// The IP address by which this node reaches the database; the loopback's over a socket file.
std::string own_address(database& db);

/// The notifications that PostgreSQL has sent to this connection. The server is not asked.
dealer_changes changes_heard(database& db);

} // namespace meisim

#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/identity.hpp"
#include "protocols/cluster/wire_version.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/meta/type_name.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// A node is alive for so long after its last heartbeat, by the database's clock.
constexpr std::chrono::seconds node_patience{5};

/// What a node tells of itself, every second.
struct node_beat {
  std::string name;
  /// The process; another one under the same name takes its place.
  uuid incarnation;
  /// The addresses of its ports: `127.0.0.1:8080`.
  std::string http;
  std::string admin;
  int32_t pid = 0;
  /// The version of its program: `1.0.0 (0123456789ab)`.
  std::string version = {};
  /// `http,core,devices`, or some of these.
  std::string roles;
  /// Where other nodes reach it: `10.0.0.10:7401`; empty for a node that is alone.
  std::string cluster;
  wire_range speaks;
  /// On how many nodes at most it would have dealers and their wallets; 0 for all.
  int32_t dealer_nodes = 0;
  bool is_draining = false;
  /// Dealers, wallets and pools that are active there.
  int64_t entities = 0;
  /// Whether this is the process's first heartbeat, by which it takes the name over.
  bool is_first = false;
};

/// A node that is alive, as the others see it.
struct cluster_member {
  std::string name;
  uuid incarnation;
  std::string cluster;
  wire_range speaks;
  /// Whether it has the role `core`: whether entities may belong to it.
  bool is_core = false;
  bool is_draining = false;
  /// As in its heartbeats.
  int32_t dealer_nodes = 0;

  friend bool operator==(const cluster_member&, const cluster_member&) = default;
};

/// The answer to a heartbeat.
struct beat_answer {
  /// Another process goes by this name now.
  bool is_displaced = false;
  /// The operator wants it to take no more work.
  bool is_to_drain = false;
  /// Every node that is alive by the database's clock, this one among them, by name.
  std::vector<cluster_member> members;
};

/// Who is alive? Asked before a node joins.
struct list_members {};

struct member_list {
  std::vector<cluster_member> members;
};

/// Why a node must not join these living nodes, in a sentence for the operator; nothing if it may.
std::optional<std::string> reason_to_stay_out(const node_beat& joining,
                                              const std::vector<cluster_member>& members);

/// Whether `role` is among these roles, which commas separate.
bool has_role(std::string_view roles, std::string_view role);

/// The node ends in good order.
struct node_leaves {
  std::string name;
  uuid incarnation;
};

/// A node's greeting when it opens a link to another node, and that node's answer.
struct node_greeting {
  std::string name;
  uuid incarnation;
  wire_range speaks;
  /// Where the node is asked: a node_gate_actor.
  caf::strong_actor_ptr gate;
  /// The proof of its words to the node that it greets; empty where nodes use no TLS.
  identity_proof proof = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_greeting& x) {
  return f(caf::meta::type_name("node_greeting"), x.name, x.incarnation.high, x.incarnation.low,
           x.speaks, x.gate, x.proof);
}

/// The peer of a link has dialled, and is reached at this gate.
struct link_opened {
  caf::strong_actor_ptr gate;
};

/// A link to another node is up or down.
struct link_report {
  std::string name;
  uuid incarnation;
  bool is_up = false;
};

/// Join: the other nodes know of this one from now on.
struct join_cluster {
  /// The addresses of the node's ports, as in its heartbeats.
  std::string http;
  std::string admin;
  /// The gate and the address where others reach it; both empty for a node that is alone.
  std::string cluster;
  caf::strong_actor_ptr gate;
};

/// Reach the gate at `host:port`.
struct dial {
  std::string address;
};

/// Which accounts were changed, by whatever node, since the last time this was asked?
struct take_changes {};

struct dealer_changes {
  std::vector<dealer_id> dealers;
  /// A node has come, gone, or begun to drain.
  bool are_members_new = false;
  /// The connection was replaced: changes may have been missed.
  bool may_have_gaps = false;
};

struct list_nodes {};

/// A node as the operator sees it.
struct node_view {
  std::string name;
  std::string http;
  std::string admin;
  int32_t pid = 0;
  /// The version of its program; empty for a release that does not tell it.
  std::string version = {};
  std::string roles;
  /// `up`, `draining` or `down`.
  std::string state;
  int64_t entities = 0;
};

struct node_list {
  std::vector<node_view> nodes;
};

/// Let a node take no more work; `not_found` if none of that name is alive.
struct drain_node {
  std::string name;
  audit_stamp by = {};
};

} // namespace meisim

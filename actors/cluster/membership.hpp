#pragma once

#include "actors/base/metrics.hpp"
#include "actors/base/ownership_lease.hpp"
#include "actors/cluster/linked_nodes.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/identity.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/interfaces.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace meisim {

/// Whether the node takes no more work, because the operator drains it or another process has its
/// name.
using drain_flag = std::shared_ptr<std::atomic<bool>>;

struct membership_config {
  /// Who this node is; the rest is filled in with each heartbeat.
  node_beat self;
  /// What this node proves itself by, and checks others against. Nothing where nodes use no TLS.
  std::optional<identity_files> identity;
  std::shared_ptr<const node_metrics> metrics;
  /// The nodes that may call this one.
  std::shared_ptr<linked_nodes> linked = std::make_shared<linked_nodes>();
  std::shared_ptr<ownership_lease> lease = std::make_shared<ownership_lease>();
  drain_flag is_draining = std::make_shared<std::atomic<bool>>(false);
  /// Is told of the links, because other nodes may have a device that it is asked for. Null for
  /// nobody.
  verification_actor verification;
  /// Makes the actor that connects to another node's gate.
  std::function<dialler_actor(caf::actor_system&)> make_dialler;
  std::chrono::milliseconds beat{1'000};
  /// How often the node looks for changes of accounts and members. PostgreSQL has sent them
  /// already, so looking costs it nothing.
  std::chrono::milliseconds listen{100};
  /// For how long a node whose link is down keeps its entities. The link may come back.
  std::chrono::milliseconds link_patience{1'000};
  /// For how long a node waits for its links when it joins.
  std::chrono::milliseconds join_patience{10'000};
};

struct membership_state {
  static inline const char* name = "membership";

  using time_point = std::chrono::steady_clock::time_point;

  /// Another node, from when it is first heard of.
  struct peer {
    cluster_member who;
    peer_link_actor link;
    bool is_up = false;
    /// Entities are placed on a node from its first link on.
    bool was_up = false;
    /// Since when it is up or down.
    time_point since;
  };

  membership_config config;
  node_store_actor store;
  region_actor region;
  caf::strong_actor_ptr gate;
  bool has_begun = false;
  /// As of the last heartbeat.
  std::vector<cluster_member> members;
  std::map<std::string, peer> peers;
  /// Nodes without a common version, about which the operator has been told.
  std::set<uuid> strangers;
  /// What the region was told last.
  std::optional<placement_view> placed;
  /// What the verification was told last.
  other_nodes shown;
  time_point next_beat{};
  time_point next_listen{};
  time_point join_by{};
  std::optional<caf::typed_response_promise<done>> joining;
  std::vector<caf::typed_response_promise<done>> leaving;
  bool is_beating = false;
  bool is_listening = false;
  bool has_lease = true;

  bool is_clustered() const {
    return !config.self.cluster.empty();
  }

  /// Where entities are placed at `now`.
  placement_view placement(time_point now) const;

  /// Whether there is a link to every other node that is alive.
  bool is_linked() const;
};

/// Spawns as MEMBERSHIP: tells the other nodes that this one is alive, keeps links to them, and
/// tells the region of this one where entities belong and which accounts were changed elsewhere.
membership_actor::behavior_type membership(
  membership_actor::stateful_pointer<membership_state> self, membership_config config,
  node_store_actor store, region_actor region);

} // namespace meisim

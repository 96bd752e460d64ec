#pragma once

#include "actors/base/metrics.hpp"
#include "actors/cluster/linked_nodes.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"

#include <memory>
#include <unordered_map>
#include <utility>

namespace meisim {

struct node_gate_state {
  static inline const char* name = "node-gate";

  // Not a handle as the first member: CAF would make the state from the actor's own pointer.
  std::shared_ptr<const node_metrics> metrics;
  std::shared_ptr<const linked_nodes> linked;
  region_actor region;
  membership_actor membership;
  verification_actor verification;
  /// Owners that were found for earlier calls, so that most calls need not ask the region. An owner
  /// that has left since answers nothing, and is found anew.
  std::unordered_map<dealer_id, dealer_actor> dealers;
  std::unordered_map<dealer_id, wallet_actor> wallets;
  /// Calls that are not answered yet.
  size_t in_hand = 0;
  /// Answers that have gathered, by the link that asked.
  std::unordered_map<caf::actor_addr, std::pair<peer_link_actor, remote_answers>> gathered;
};

/// Spawns as NODE GATE. It takes calls of the nodes in `linked`, and of its own.
node_gate_actor::behavior_type node_gate(node_gate_actor::stateful_pointer<node_gate_state> self,
                                         region_actor region, membership_actor membership,
                                         verification_actor verification,
                                         std::shared_ptr<const node_metrics> metrics,
                                         std::shared_ptr<const linked_nodes> linked);

} // namespace meisim

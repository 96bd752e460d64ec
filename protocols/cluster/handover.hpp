#pragma once

#include "protocols/interfaces.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace meisim {

/// A core node as a region knows it.
struct placed_node {
  std::string name;
  /// Null for the node of the region itself.
  peer_link_actor link;
  /// Whether it can be asked now.
  bool is_reachable = true;

  friend bool operator==(const placed_node&, const placed_node&) = default;
};

/// The core nodes that entities are placed on.
struct placement_view {
  std::vector<placed_node> nodes;
  /// On how many of them dealers and their wallets are placed at most; 0 for all.
  size_t dealer_nodes = 0;

  friend bool operator==(const placement_view&, const placement_view&) = default;
};

/// A link to each other node that is alive, whether the link is up or not.
struct other_nodes {
  std::vector<peer_link_actor> links;

  friend bool operator==(const other_nodes&, const other_nodes&) = default;
};

/// Another node is the entity's owner now: end what is under way and leave.
struct leave_order {
  /// The link that gets what the old owner remembers; null if nobody can be reached.
  peer_link_actor successor;
};

} // namespace meisim

#pragma once

#include "protocols/base/id.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// Which node owns an entity: rendezvous hashing. Every node has a weight for every entity, and the
// greatest one wins. A node that joins takes the same number of entities from each of the others. A
// node that leaves hands the same number to each. No other entity moves.

/// A hash of a node's name, from which its weights follow. It is the same in every release.
uint64_t placement_mark(std::string_view node_name);

/// Stands for an entity that has a name instead of an id.
uuid placed_by_name(std::string_view name);

/// The entity's owner: the place in `marks`, which must not be empty. A dealer's wallet is placed
/// by the dealer, so that both stand on one node.
size_t owner_of(uuid entity, std::span<const uint64_t> marks);

/// So many of the nodes, by rendezvous too: their places in `marks`, rising. All of them if there
/// are no more, or for 0. If one of them leaves, one other takes its place.
std::vector<size_t> chosen_nodes(std::span<const uint64_t> marks, size_t count);

/// The core nodes that dealers belong to, for code that need not ask the region.
struct placed_nodes {
  std::vector<std::string> names;
  /// In the order of the names.
  std::vector<uint64_t> marks;

  /// The name of the dealer's node. There must be nodes.
  const std::string& owner(dealer_id dealer) const {
    return names[owner_of(dealer.value, marks)];
  }
};

} // namespace meisim

#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/instant.hpp"

#include <chrono>
#include <string>

namespace meisim {

// The secrets of the service, and how one takes the place of another.

/// For how long the one before holds.
constexpr std::chrono::hours former_key_lifetime{24};

/// Put another one in the place of a secret, on all nodes.
struct rotate_key {
  /// `jwt`, `admin`, `stripe`, `stripe-webhook` or `provider-PREFIX`.
  std::string name;
  /// Empty where the service makes it itself.
  std::string secret;
  /// Whether the one before holds no longer.
  bool at_once = false;
  audit_stamp by = {};
};

/// What secrets has this node? Answers with their ids.
struct list_node_keys {};

/// A secret that was changed, on its way to all nodes.
struct node_key {
  std::string name;
  std::string id;
  /// Under the key that all nodes have (protocols/base/sealing.hpp).
  std::string sealed;
  instant made_at = {};
  /// Until when the one before it holds.
  instant former_until = {};
};

} // namespace meisim

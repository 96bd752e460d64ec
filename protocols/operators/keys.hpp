#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/instant.hpp"

#include <chrono>
#include <string>

namespace meisim {

// The secrets of the service, and how one replaces another.

/// For how long the former secret holds.
constexpr std::chrono::hours former_key_lifetime{24};

/// Replace a secret, on all nodes.
struct rotate_key {
  /// `jwt`, `admin`, `stripe`, `stripe-webhook` or `provider-PREFIX`.
  std::string name;
  /// Empty if the service makes it itself.
  std::string secret;
  /// Whether the former secret ends now.
  bool at_once = false;
  audit_stamp by = {};
};

/// What secrets has this node? Answers with their ids.
struct list_node_keys {};

/// A secret that was changed, on its way to all nodes.
struct node_key {
  std::string name;
  std::string id;
  /// The secret, sealed under the key that all nodes have (protocols/base/sealing.hpp).
  std::string sealed;
  instant made_at = {};
  /// Until when the former secret holds.
  instant former_until = {};
};

} // namespace meisim

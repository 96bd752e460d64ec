#pragma once

#include "protocols/id.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// A node is alive for so long after its last heartbeat, by the database's clock (DESIGN §7).
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
  /// `http,core,devices`, or some of these.
  std::string roles;
  bool is_draining = false;
  /// Dealers, wallets and pools that are active there.
  int64_t entities = 0;
  /// Whether it is the process's first one, by which it takes the name over.
  bool is_first = false;
};

/// What a node hears in return.
struct beat_answer {
  /// Another process goes by this name now.
  bool is_displaced = false;
  /// The operator wants it to take no more work.
  bool is_to_drain = false;
};

/// The node goes in good order.
struct node_leaves {
  std::string name;
  uuid incarnation;
};

/// Which accounts were changed, by whatever node, since the last time this was asked?
struct take_changes {};

struct dealer_changes {
  std::vector<dealer_id> dealers;
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
};

} // namespace meisim

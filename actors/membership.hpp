#pragma once

#include "actors/metrics.hpp"
#include "protocols/interfaces.hpp"

#include <atomic>
#include <chrono>
#include <memory>

namespace meisim {

struct membership_config {
  /// Who this node is; the rest is filled in with each heartbeat.
  node_beat self;
  std::shared_ptr<const node_metrics> metrics;
  std::chrono::milliseconds beat{1'000};
  /// How often changes of accounts are asked for; that costs PostgreSQL nothing.
  std::chrono::milliseconds listen{100};
};

/// Whether the node takes no more work: the operator wished it, or another process goes by its
/// name.
using drain_flag = std::shared_ptr<std::atomic<bool>>;

struct membership_state {
  static inline const char* name = "membership";

  membership_config config;
  node_book_actor book;
  region_actor region;
  drain_flag is_draining;
  std::chrono::steady_clock::time_point next_beat{};
  bool is_beating = false;
  bool is_listening = false;
};

/// Spawns as MEMBERSHIP: tells the other nodes that this one is alive, and the region of this one
/// which accounts were changed elsewhere.
membership_actor::behavior_type membership(
  membership_actor::stateful_pointer<membership_state> self, membership_config config,
  node_book_actor book, region_actor region, drain_flag is_draining);

} // namespace meisim

#pragma once

#include "actors/verification/device_pool.hpp"
#include "actors/verification/held_rows.hpp"
#include "actors/verification/host_doubts.hpp"
#include "actors/verification/verification_metrics.hpp"
#include "protocols/base/done.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/verification/devices.hpp"

#include <prometheus/registry.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

struct verification_config {
  /// This node's name in the leases. It differs after each start.
  std::string owner;
  /// The `device_report::site` of this node's own devices. Reports with another site come from
  /// machines that anybody may have got hold of.
  std::string site;
  /// After how long without a sign of life another node takes the rows.
  std::chrono::seconds lease{30};
  /// How often it looks for rows while nobody tells of any.
  std::chrono::milliseconds pause{500};
  /// The workers that are woken when a batch is complete, because mails and refunds are due.
  std::vector<job_worker_actor> followers;
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
};

struct verification_state {
  static inline const char* name = "verification";

  verification_config config;
  row_memory_actor store;
  std::unique_ptr<verification_metrics> metrics;
  device_pool devices;
  host_doubts doubts;
  /// Where a device may be that is not here.
  other_nodes others;
  /// Set from the start on.
  std::optional<held_rows> rows;
  std::chrono::steady_clock::time_point renew_at{};
};

/// Spawns as VERIFICATION: leases open rows and gives each to a device that is free. A row is tried
/// elsewhere when a device fails at it. Verdicts are written in groups, each of them once.
verification_actor::behavior_type verification(
  verification_actor::stateful_pointer<verification_state> self, verification_config config,
  row_memory_actor store);

} // namespace meisim

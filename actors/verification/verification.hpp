#pragma once

#include "actors/verification/row_queue.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/verification/devices.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace meisim {

struct verification_config {
  /// This node's name in the leases; another one after each start.
  std::string owner;
  /// After how long without a sign of life another node takes the rows.
  std::chrono::seconds lease{30};
  /// How often it looks for rows while nobody tells of any.
  std::chrono::milliseconds pause{500};
  /// Who is woken when a batch is complete: mails and refunds wait.
  std::vector<job_worker_actor> followers;
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
};

/// What the verification counts.
struct verification_metrics {
  explicit verification_metrics(std::shared_ptr<prometheus::Registry> of);

  std::shared_ptr<prometheus::Registry> registry;
  std::array<prometheus::Counter*, verdict_count> verdicts;
  prometheus::Gauge* waiting;
  prometheus::Family<prometheus::Gauge>* devices;
  prometheus::Family<prometheus::Counter>* failures;
};

struct verification_state {
  static inline const char* name = "verification";

  /// A device, and what it was given.
  struct device {
    validator_device_actor handle;
    device_report report;
    std::optional<uint64_t> call_id;
    /// Whether it has been heard.
    bool is_known = false;
    /// Whether its name stands among the free ones.
    bool is_listed = false;

    bool is_free() const {
      return !call_id
             && (report.state == device_state::idle || report.state == device_state::probing);
    }

    /// Whether it checks, or will.
    bool is_live() const {
      return report.state != device_state::resting && report.state != device_state::drained;
    }
  };

  struct in_flight {
    waiting_row row;
    std::string device;
  };

  struct held_lease {
    int32_t generation = 0;
    /// Rows without a verdict that is written.
    int64_t open = 0;
  };

  std::unordered_map<std::string, device> devices;
  /// Names of devices that may be free, the one that has waited longest first.
  std::deque<std::string> free;
  row_queue queue;
  std::unordered_map<uint64_t, in_flight> checks;
  std::unordered_map<uuid, held_lease> leases;
  verification_config config;
  row_memory_actor store;
  std::unique_ptr<verification_metrics> metrics;
  uint64_t last_call_id = 0;
  /// To be written with the next commit.
  std::vector<checked_row> checked;
  std::vector<failed_attempt> attempts;
  bool is_writing = false;
  /// Whether the last write may have taken place although its answer did not come.
  bool is_repeat = false;
  /// How many rows a commit takes: one at a time while the database refuses something among them.
  size_t most_written = 5'000;
  bool is_leasing = false;
  /// Whether the last look found no rows: the next tick looks again.
  bool is_dry = false;
  /// Whether new rows were announced while a lease was under way.
  bool has_news = false;
  std::chrono::steady_clock::time_point renew_at{};

  /// How many devices check, or will.
  size_t live = 0;

  /// Takes over what a device says of itself.
  void hear(device& from, const device_report& report) {
    live -= from.is_known && from.is_live() ? 1 : 0;
    from.is_known = true;
    from.report = report;
    live += from.is_live() ? 1 : 0;
  }
};

/// Spawns as VERIFICATION: leases open rows, gives each to a device that is free, tries a row again
/// elsewhere when a device fails at it, and writes verdicts in groups, each of them once.
verification_actor::behavior_type verification(
  verification_actor::stateful_pointer<verification_state> self, verification_config config,
  row_memory_actor store);

} // namespace meisim

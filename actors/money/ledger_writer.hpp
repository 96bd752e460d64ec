#pragma once

#include "actors/base/metrics.hpp"
#include "persistence/base/session.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/commit.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace meisim {

struct ledger_writer_state {
  static inline const char* name = "ledger-writer";

  struct entry {
    std::shared_ptr<const decided_posting> posting;
    /// The wallet that decided it.
    caf::strong_actor_ptr wallet;
  };

  /// Postings that were sent as one transaction, whose commit was never answered.
  struct lost_batch {
    std::vector<entry> entries;
    /// PostgreSQL's, at the other end of the lost connection.
    server_process process = {};
  };

  std::unique_ptr<database> db;
  std::shared_ptr<const node_metrics> metrics;
  /// What has come since the last commit began.
  std::vector<entry> gathered;
  /// Lost commits, until the database is back and can be asked. Nothing is committed meanwhile.
  std::deque<lost_batch> lost;
  /// The pause before the database is asked again.
  std::chrono::milliseconds pause{};
};

/// Spawns detached as LEDGER WRITER with a session of its own on `connection`.
ledger_writer_actor::behavior_type ledger_writer(
  ledger_writer_actor::stateful_pointer<ledger_writer_state> self, std::string connection,
  std::shared_ptr<const node_metrics> metrics);

} // namespace meisim

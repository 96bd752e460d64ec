#pragma once

#include "actors/metrics.hpp"
#include "persistence/session.hpp"
#include "protocols/interfaces.hpp"

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

  std::unique_ptr<database> db;
  std::shared_ptr<const node_metrics> metrics;
  /// What has come since the last commit began.
  std::vector<entry> gathered;
};

/// Spawns detached as LEDGER WRITER with a session of its own on `connection`.
ledger_writer_actor::behavior_type ledger_writer(
  ledger_writer_actor::stateful_pointer<ledger_writer_state> self, std::string connection,
  std::shared_ptr<const node_metrics> metrics);

/// Commits a batch and tells how each posting ended, in order. Isolates what the database refuses,
/// and looks up what it never answered. Blocks, for as long as the fate of a commit is unknown.
std::vector<commit_outcome> commit_batch(
  database& db, const std::vector<std::shared_ptr<const decided_posting>>& batch);

} // namespace meisim

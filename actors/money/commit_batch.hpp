#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/commit.hpp"

#include <memory>
#include <vector>

namespace meisim {

using posting_batch = std::vector<std::shared_ptr<const decided_posting>>;

/// A commit whose fate is unknown.
struct lost_commit {
  /// The commit held this many of the batch's postings, beginning with this one.
  size_t first = 0;
  size_t count = 0;
  /// PostgreSQL's, at the other end of the lost connection.
  server_process process = {};
};

struct committed_batch {
  /// How each posting ended, in order.
  std::vector<commit_outcome> outcomes;
  /// The commits that ended `unknown`.
  std::vector<lost_commit> lost;
};

/// Commits a batch. Isolates what the database refuses, and looks up what it never answered.
committed_batch commit_batch(database& db, const posting_batch& batch);

/// The same end for each posting of a batch.
std::vector<commit_outcome> all_ended(const posting_batch& batch, commit_result how);

/// Looks up what became of a batch whose commit was never answered; `unknown` if the database
/// cannot tell.
std::vector<commit_outcome> look_up_lost(database& db, const posting_batch& batch,
                                         const server_process& process);

/// Whether the database could not tell.
bool are_unknown(const std::vector<commit_outcome>& outcomes);

} // namespace meisim

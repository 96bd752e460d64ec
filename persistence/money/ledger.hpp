#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/commit.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meisim {

using decided_postings = std::span<const std::shared_ptr<const decided_posting>>;

/// Commits postings in one transaction of a few statements over many rows, and tells how each
/// ended, in order. The postings of one wallet must stand in the order of their decision.
///
/// Only `committed` and the three conflicts are returned. If the database refuses data or the
/// connection breaks, SOCI's exception is thrown, and nothing was done. After a `commit_unknown`
/// ask were_committed.
std::vector<commit_result> commit_postings(database& db, decided_postings batch);

/// Which postings of a batch whose commit was never answered are in the ledger, in order. Those in
/// conflict had been taken out of the commit. `process` is PostgreSQL's process at the other end of
/// the lost connection. It may still be about to commit, so it is ended first.
std::vector<bool> were_committed(database& db, decided_postings batch,
                                 const server_process& process);

/// Where a wallet stands. Nothing if there is no such wallet.
std::optional<wallet_position> load_position(database& db, dealer_id dealer);

} // namespace meisim

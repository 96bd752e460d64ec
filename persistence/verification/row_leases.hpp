#pragma once

#include "persistence/base/pipeline.hpp"
#include "persistence/base/session.hpp"
#include "protocols/verification/row_leases.hpp"

#include <map>
#include <unordered_set>

namespace meisim {

// Who checks which rows of a batch. Each function is one transaction, unless it says otherwise.

/// Leases up to `count` open rows that one of the owner's devices may check. Rows whose owner has
/// vanished come first. Then come fresh rows of the dealers that have waited longest, from the
/// batch of each that has waited longest.
lease_grant lease_open_rows(database& db, const lease_rows& wish);

/// Renews leases, or gives them back. Leases that others hold by now are left alone.
void renew_row_leases(database& db, const renew_leases& wish);

/// Locks the leases, named by id and generation, that are still the caller's, and returns their
/// ids. Part of the caller's transaction.
std::unordered_set<uuid> lock_row_leases(database& db, const std::map<uuid, int32_t>& held);

/// Counts so many rows of each lease as done, keeps the lease for so many seconds more, and drops
/// leases that have no row left. The caller's transaction has locked them.
void shrink_row_leases(pipeline& into, const std::map<uuid, int64_t>& done, int32_t lease_seconds);

} // namespace meisim

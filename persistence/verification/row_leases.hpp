#pragma once

#include "persistence/base/session.hpp"
#include "protocols/verification/row_leases.hpp"

namespace meisim {

// Who checks which rows of a batch. Each function is one transaction.

/// Leases up to `count` open rows to the owner: first those whose owner has vanished, then fresh
/// ones, of the dealers that have waited longest, from the batch of each that has waited longest.
lease_grant lease_open_rows(database& db, const lease_rows& wish);

/// Keeps leases, or gives them back; those in other hands are left alone.
void renew_row_leases(database& db, const renew_leases& wish);

} // namespace meisim

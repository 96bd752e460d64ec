#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/ledger_check.hpp"

#include <vector>

namespace meisim {

/// Proves the ledger from one snapshot. For each wallet: `seq` has no gap, each balance follows
/// from the one before, the last balance is the wallet's, and the chain is whole. All accounts sum
/// to zero. Each posting moved the price of what it was for, on the account of its kind. If all is
/// well, the next proof may begin where this one ended.
ledger_check prove_ledger(database& db, const check_ledger& wish = {});

/// Whether each wallet still has the transfer that it once ended with.
ledger_check hold_against(database& db, const std::vector<wallet_head>& heads);

} // namespace meisim

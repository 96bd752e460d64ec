#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/ledger_check.hpp"

#include <vector>

namespace meisim {

/// Proves the ledger from one snapshot: for each wallet that `seq` has no gap, that each balance
/// follows from the one before, that the last is the wallet's, and that the chain is whole; that
/// all accounts sum to zero; and that each posting moved what the thing cost that it was for, on
/// the account that its kind has. If all is well, the next proof may begin where this one ended.
ledger_check prove_ledger(database& db, const check_ledger& wish = {});

/// Whether each wallet still has the transfer that it once ended with.
ledger_check hold_against(database& db, const std::vector<wallet_head>& heads);

} // namespace meisim

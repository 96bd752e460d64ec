#pragma once

#include "persistence/base/session.hpp"
#include "protocols/money/ledger_check.hpp"

namespace meisim {

/// Proves the ledger from one snapshot: for each wallet that `seq` has no gap, that
/// each balance follows from the one before, that the last is the wallet's, and that the chain is
/// whole; and that all accounts sum to zero.
ledger_check prove_ledger(database& db);

} // namespace meisim

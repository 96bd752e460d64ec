#pragma once

#include "protocols/base/id.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// Prove the ledger: every wallet against its transfers, all accounts against zero, and every
/// posting against what it was for.
struct check_ledger {
  /// Whether only what has come since the ledger was last found whole is proved.
  bool since_last = false;
  /// Whether the answer is to tell where each wallet stands.
  bool tells_heads = false;
};

/// Where a wallet stands, or stood. A later ledger must still have that.
struct wallet_head {
  dealer_id dealer;
  int64_t seq = 0;
  /// Of the transfer with that seq, in hexadecimal.
  std::string chain;
};

/// Are these still there?
struct check_heads {
  std::vector<wallet_head> heads;
};

struct ledger_check {
  int64_t wallets = 0;
  int64_t transfers = 0;
  /// One sentence for each thing that does not fit.
  std::vector<std::string> mismatches;
  /// In the order of the dealers' ids; only if they were asked for and the ledger is whole.
  std::vector<wallet_head> heads;
};

} // namespace meisim

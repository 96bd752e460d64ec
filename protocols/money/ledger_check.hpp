#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// Prove the ledger: every wallet against its transfers, and all accounts against zero.
struct check_ledger {};

struct ledger_check {
  int64_t wallets = 0;
  int64_t transfers = 0;
  /// One sentence for each thing that does not fit.
  std::vector<std::string> mismatches;
};

} // namespace meisim

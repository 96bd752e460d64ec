#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/supply/stock.hpp"

#include <memory>
#include <string>

namespace meisim {

/// The LONG CHANGES: what an operator asks ACCOUNTS for and takes its time, so that nobody's
/// sign-in waits for it.
using long_changes_actor = caf::typed_actor<caf::replies_to<erase_customer>::with<erased_customer>,
                                            caf::replies_to<import_stock>::with<import_result>,
                                            // Answers once no pool sells it.
                                            caf::replies_to<withdraw_stock>::with<stock_withdrawn>>;

struct long_changes_state {
  static inline const char* name = "long-changes";

  std::unique_ptr<database> db;
  region_actor region;
};

/// Spawns detached as LONG CHANGES with a session of its own on `connection`.
long_changes_actor::behavior_type long_changes(
  long_changes_actor::stateful_pointer<long_changes_state> self, std::string connection,
  region_actor region);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/supply/replacement.hpp"
#include "protocols/verification/batch_results.hpp"
#include "protocols/verification/row_leases.hpp"

#include <memory>
#include <string>

namespace meisim {

struct verification_store_state {
  static inline const char* name = "verification-store";

  std::unique_ptr<database> db;
};

/// Spawns as VERIFICATION STORE; to be detached. `connection` as for `database`.
verification_store_actor::behavior_type verification_store(
  verification_store_actor::stateful_pointer<verification_store_state> self,
  std::string connection);

} // namespace meisim

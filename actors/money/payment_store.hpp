#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_reconciliation.hpp"

#include <memory>
#include <string>

namespace meisim {

struct payment_store_state {
  static inline const char* name = "payment_store";

  std::unique_ptr<database> db;
};

/// Spawns detached as PAYMENT STORE with a session of its own on `connection`.
payment_store_actor::behavior_type payment_store(
  payment_store_actor::stateful_pointer<payment_store_state> self, std::string connection);

} // namespace meisim

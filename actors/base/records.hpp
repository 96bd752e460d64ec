#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/base/csv_page.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/commit.hpp"
#include "protocols/money/ledger_check.hpp"
#include "protocols/money/statement.hpp"
#include "protocols/notify/brand.hpp"
#include "protocols/notify/notices.hpp"
#include "protocols/orders/account_order.hpp"
#include "protocols/orders/order_list.hpp"
#include "protocols/supply/owned_esim.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/supply/replacement.hpp"
#include "protocols/supply/stock.hpp"
#include "protocols/verification/batch_results.hpp"

#include <memory>
#include <string>

namespace meisim {

struct records_state {
  static inline const char* name = "records";

  std::unique_ptr<database> db;
};

/// Spawns detached as RECORDS with a session of its own on `connection`, with a server that may be
/// a replica where `accepted` says so.
records_actor::behavior_type records(records_actor::stateful_pointer<records_state> self,
                                     const std::string& connection, server_role accepted);

} // namespace meisim

#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

// Orders as an operator sees and ends them.

/// Work that has failed for so long needs a person, unless the configuration says otherwise.
constexpr int32_t default_stuck_after_seconds = 15 * 60;

/// An order with how far it is.
struct order_overview {
  order_id id;
  std::string short_id;
  /// The dealer's mail address.
  std::string dealer;
  /// `esim` or `topup`.
  std::string type;
  std::string product;
  int32_t quantity = 1;
  int32_t delivered = 0;
  money total;
  /// `pending`, `processing`, `completed`, `failed` or `revoked`.
  std::string status;
  std::string failure;
  std::string customer_reference;
  std::string customer_email;
  instant created_at;
  instant completed_at;
  /// The next four only while it is under way: how often it was tried, when it is tried next, since
  /// when no try has got any further, and what the provider said last.
  int32_t attempts = 0;
  instant next_try_at;
  instant failing_since;
  std::string last_words;
  bool is_stuck = false;
};

/// Which orders? An empty or zero member leaves its question open.
struct find_orders {
  order_id order;
  /// Work on it has failed for `stuck_after_seconds`.
  bool only_stuck = false;
  std::string status;
  std::string dealer_email;
  instant since;
  /// What a customer can quote: an id, a short id, a reference, a mail address, an ICCID, an
  /// activation code, a telephone number, or the provider's own name for a purchase.
  std::string quoted;
  int32_t limit = 100;
  int32_t stuck_after_seconds = default_stuck_after_seconds;
};

/// Newest first.
struct order_overviews {
  std::vector<order_overview> orders;
};

/// Try this order again now, whatever it is waiting for. `conflict` if it has ended.
struct retry_order {
  order_id order;
  /// For the log.
  std::string reason;
  audit_stamp by = {};
};

/// End this order, and refund once the units that were not delivered. A worker that still has it
/// can no longer write anything about it. `conflict` if it has ended.
struct fail_order {
  order_id order;
  /// The dealer reads it as the order's failure, and in the wallet's statement.
  std::string reason;
  audit_stamp by = {};
};

} // namespace meisim

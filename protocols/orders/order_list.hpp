#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/page.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// A line of a dealer's order history.
struct order_summary {
  order_id id;
  std::string type;
  std::string bundle_name;
  std::string customer_reference;
  std::string email_address;
  std::string iccid;
  money amount;
  std::string status;
  instant created_at;
};

/// The dealer's last `limit` orders, newest first.
struct list_orders {
  dealer_id dealer;
  int32_t limit = 100;
};

struct order_list {
  std::vector<order_summary> orders;
};

/// A page of a dealer's orders. An empty or zero member leaves its question open.
struct browse_orders {
  dealer_id dealer;
  page_wish page;
  std::string status;
  /// `esim` or `topup`.
  std::string type;
  /// The dealer's own name for the order.
  std::string reference;
  /// The ICCID of one of its eSIMs, or of the SIM that was topped up.
  std::string iccid;
  /// The customer's; compared without case.
  std::string email;
  /// Placed at `from` or later, and before `to`.
  instant from;
  instant to = from_micros(newest.at);
};

/// All about one order of the dealer's; `not_found` for anybody else's.
struct show_order {
  dealer_id dealer;
  order_name order;
};

} // namespace meisim

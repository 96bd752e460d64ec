#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

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

} // namespace meisim

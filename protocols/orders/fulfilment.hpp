#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"
#include "protocols/orders/order.hpp"
#include "protocols/orders/recharge.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// A unit of an order that the provider has delivered.
struct delivered_esim {
  order_id order;
  /// 1 to the order's quantity.
  int32_t unit = 0;
  std::string iccid;
  std::string lpa;
  /// Whether the customer has been mailed.
  bool mailed = false;
};

/// The customer has been mailed this unit.
struct esim_mailed {
  order_id order;
  int32_t unit = 0;
};

/// An order as its fulfilment needs it.
struct order_to_fulfil {
  order_id id;
  dealer_id dealer;
  std::string product;
  /// As the customer should read it.
  std::string product_name;
  std::string status;
  customer buyer;
  int32_t quantity = 1;
  money unit_price;
  /// Without a posting: `pending`, and nothing to give back.
  bool is_on_account = false;
  bool mails_customer = true;
  std::vector<delivered_esim> delivered;
  /// What makes it a top-up.
  std::optional<recharge> top_up = {};
};

struct load_order {
  order_id id;
};

/// The dealer's order, with its eSIMs; `not_found` for anybody else's.
struct find_own_order {
  dealer_id dealer;
  order_id order;
};

/// Every unit was delivered, and mailed: the order is `completed`, its job done. Harmless when
/// repeated.
struct complete_order {
  order_id id;
};

} // namespace meisim

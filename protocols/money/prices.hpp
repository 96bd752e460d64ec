#pragma once

#include "protocols/base/id.hpp"
#include "protocols/supply/supply.hpp"

#include <string>

namespace meisim {

/// What does this SKU cost this dealer?
struct find_price {
  sku_id sku;
  std::string service;
  dealer_id dealer;
};

/// The SKUs of a service (all if empty) at a dealer's prices (list prices for no dealer).
struct list_skus {
  std::string service;
  dealer_id dealer;
};

} // namespace meisim

#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"
#include "protocols/supply/supply.hpp"

#include <string>
#include <vector>

namespace meisim {

/// Something that dealers can buy on the portal, at its list price.
struct sku {
  sku_id id;
  /// `esim_supply_att` or `esim_validate`.
  std::string service;
  std::string name;
  /// The pool it is served from.
  pool_name pool;
  money price;
};

/// A dealer's own price for a SKU.
struct dealer_price {
  sku_id sku;
  dealer_id dealer;
  money price;
};

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

struct sku_list {
  std::vector<sku> skus;
};

/// The price of a SKU: its list price, or one dealer's own where `email` is not empty.
struct set_price {
  std::string sku;
  std::string email;
  money price;
  audit_stamp by = {};
};

/// All SKUs and all dealers' own prices.
struct load_prices {};

struct price_list {
  std::vector<sku> skus;
  std::vector<dealer_price> own_prices;
};

} // namespace meisim

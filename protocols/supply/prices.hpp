#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/page.hpp"
#include "protocols/supply/bundle_routes.hpp"
#include "protocols/supply/price_rules.hpp"
#include "protocols/supply/supply.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// Something that dealers can buy on the portal.
struct sku {
  sku_id id;
  /// `esim_supply_att` or `esim_validate`.
  std::string service;
  std::string name;
  /// The pool it is served from.
  pool_name pool;
  /// The list price, or what somebody pays.
  money price;
  /// What the newest eSIM of its pool cost us; nothing if that is not known.
  std::optional<money> cost = {};
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

/// Set the price of a SKU from now on: for all dealers, or for one if `email` is not empty.
struct set_price {
  std::string sku;
  std::string email;
  money price;
  audit_stamp by = {};
};

/// All SKUs at their list prices, and all rules that hold or will.
struct load_prices {};

struct price_list {
  std::vector<sku> skus;
  std::vector<price_rule> rules;
  /// How products that several providers sell are bought (protocols/orders/routes.hpp).
  route_list routes = {};
};

/// The rules by which prices are decided, and the SKUs at their list prices.
struct load_price_book {};

struct price_book_view {
  std::shared_ptr<const price_book> current;
  std::vector<sku> skus;
};

// -- what operators do ----------------------------------------------------------------------------

/// Set a rule. If the same rule holds already, nothing is changed. Answers with the rule as JSON.
struct set_price_rule {
  /// The dealer's mail address; empty for all dealers.
  std::string dealer;
  std::string country = {};
  std::string product = {};
  /// A fixed price; without one the markup counts.
  std::optional<money> price = {};
  int32_t markup_basis_points = 0;
  /// Nothing: now.
  std::optional<instant> from = {};
  audit_stamp by = {};
  bool may_be_below_cost = false;
};

/// End a rule and the rules that it has replaced, so that none of them comes back. A rule that has
/// not begun ends alone. Answers with the rule as JSON.
struct end_price_rule {
  price_rule_id rule;
  audit_stamp by = {};
};

/// A page of the rules; those that were set last come first.
struct browse_price_rules {
  /// Empty members leave their question open.
  std::string dealer;
  std::string country;
  std::string product;
  /// Also those that were replaced or have ended.
  bool with_past = false;
  page_wish page;
};

/// The rules that have begun by a time, and not ended, and may count for this.
struct find_price_rules {
  /// The dealer's mail address; empty for nobody's own.
  std::string dealer;
  std::string country;
  std::string product;
  instant at;
};

struct found_price_rules {
  /// Zero and zero without a dealer.
  dealer_id dealer;
  int32_t markup_basis_points = 0;
  std::vector<price_rule> rules;
};

} // namespace meisim

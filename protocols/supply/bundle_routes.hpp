#pragma once

#include "protocols/base/id.hpp"

#include <set>
#include <string>
#include <vector>

namespace meisim {

// What operators say about bundles that several providers sell. protocols/orders/routes.hpp tells
// what follows from it.

/// What may be bought in the place of a product.
struct bundle_route {
  std::string product;
  std::string other;
};

/// The product is bought only from this provider.
struct route_pin {
  /// The dealer whose orders these are; zero for everybody's.
  dealer_id dealer;
  /// Empty for all products.
  std::string product;
  /// Its prefix.
  std::string provider;
};

struct route_list {
  std::vector<bundle_route> routes;
  std::vector<route_pin> pins;
  /// The prefixes of providers that an operator holds.
  std::set<std::string> held;
};

} // namespace meisim

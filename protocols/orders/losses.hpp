#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/supply/price_rules.hpp"

#include <string>
#include <vector>

namespace meisim {

/// A product that costs us more than its price, which nobody has meant. It is not sold, unless
/// another provider sells the same for less.
struct loss {
  std::string product;
  /// The prefix in the product's name.
  std::string provider;
  /// The dealer who pays this price; zero for all who have no price of their own.
  dealer_id dealer;
  money cost;
  money price;
};

/// Only a fixed price can be below the cost: a markup is on top of it.
std::vector<loss> losses_of(const catalogue& current, const price_book& book, instant at);

} // namespace meisim

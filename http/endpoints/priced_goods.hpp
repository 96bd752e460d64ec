#pragma once

#include "http/edge/asking.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/supply/prices.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim::http {

// All that has a price, as operators see it.

struct priced_good {
  /// `product`, `bundle`, `topup` or `sku`.
  std::string_view kind;
  std::string product;
  std::string name;
  std::string country;
  /// What it costs without any rule. A top-up stands for one of its network's least value.
  money base;
  /// What it costs us; nothing if that is not known.
  std::optional<money> cost;
  /// How the cost was turned into dollars, if it is in another currency.
  foreign_charge charge = {};

  priced_item item() const;
};

std::vector<priced_good> all_goods(const catalogue& from, const std::vector<sku>& skus);

/// Nothing if there is nothing of this name.
std::optional<priced_good> find_good(const catalogue& from, const std::vector<sku>& skus,
                                     const std::string& product);

/// Calls `go_on(const catalogue&, const price_book_view&)`.
template <class GoOn>
void with_goods(const exchange_pointer& x, GoOn go_on) {
  ask<price_book_view>(
    x, x->node->prices,
    [x, go_on](const price_book_view& prices) {
      with_catalogue(x, [go_on, prices](const catalogue& current) { go_on(current, prices); });
    },
    load_price_book{});
}

} // namespace meisim::http

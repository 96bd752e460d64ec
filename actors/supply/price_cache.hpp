#pragma once

#include "protocols/base/done.hpp"
#include "protocols/base/published.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/routes.hpp"
#include "protocols/supply/prices.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace meisim {

struct price_cache_state {
  static inline const char* name = "price-cache";

  // This has to be the first member: CAF passes the actor's own pointer to a state that can be made
  // from it.
  std::vector<sku> skus;
  price_memory_actor memory;
  bool is_loaded = false;
  bool is_loading = false;
  std::shared_ptr<const price_book> book;
  std::shared_ptr<published<price_book>> board;
  std::shared_ptr<published<route_book>> routes;
  /// Whoever waits for the reading under way; each is told how it ended.
  std::vector<std::function<void(const caf::error&)>> waiting;

  /// The SKU at this dealer's price now.
  sku priced(const sku& item, dealer_id dealer) const;

  caf::expected<sku> find(const find_price& question) const;
  sku_list list(const list_skus& question) const;
};

/// Spawns as PRICE CACHE. It knows a price that was changed through another node after `refresh` at
/// the latest. `board` gets the rules of each reading, and `routes` the routing that was read with
/// them.
price_cache_actor::behavior_type price_cache(
  price_cache_actor::stateful_pointer<price_cache_state> self, std::chrono::seconds refresh,
  price_memory_actor memory, std::shared_ptr<published<price_book>> board,
  std::shared_ptr<published<route_book>> routes);

} // namespace meisim

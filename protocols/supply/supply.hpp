#pragma once

#include "protocols/base/error.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/shared_vector.hpp"

#include <caf/meta/type_name.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace meisim {

/// The stock of one carrier and plan type: `att.qr`.
struct pool_name {
  std::string carrier;
  std::string plan_type;

  friend auto operator<=>(const pool_name&, const pool_name&) = default;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, pool_name& x) {
  return f(caf::meta::type_name("pool_name"), x.carrier, x.plan_type);
}

/// `att.qr`
std::string to_string(const pool_name& pool);

/// An eSIM of the stock.
struct stock_row {
  inventory_id id;
  std::string iccid;
  std::string lpa;
  /// The number of the bit that tells whether it is sold.
  int64_t place = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stock_row& x) {
  return f(caf::meta::type_name("stock_row"), x.id, x.iccid, x.lpa, x.place);
}

/// A dealer bought from stock. Exactly these rows become the dealer's, if all of them are still
/// unsold. A sale without rows found none, and gives the money back.
struct supply_sold {
  static constexpr std::string_view account = "sales.supply";

  ec code() const {
    return rows.empty() ? ec::vendor_error : ec::none;
  }

  /// The sale is its own receipt.
  const supply_sold& told(money) const {
    return *this;
  }

  /// The integer that dealers see as `usage_id`.
  int64_t usage = 0;
  sku_id sku;
  pool_name pool;
  /// How many were asked for; the rows may be fewer.
  int32_t quantity = 0;
  money unit_price;
  /// Shared, because a posting is copied on its way.
  shared_vector<stock_row> rows;
  instant assigned_at;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, supply_sold& x) {
  return f(caf::meta::type_name("supply_sold"), x.usage, x.sku, x.pool, x.quantity, x.unit_price,
           x.rows, x.assigned_at);
}

/// A request to buy from stock, before rows are chosen.
struct purchase {
  posting_id id;
  dealer_id dealer;
  sku_id sku;
  pool_name pool;
  int32_t quantity = 0;
  money unit_price;
  std::string idempotency_key;
  std::string request_hash;
  /// The price guard, see posting.
  money ceiling;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, purchase& x) {
  return f(caf::meta::type_name("purchase"), x.id, x.dealer, x.sku, x.pool, x.quantity,
           x.unit_price, x.idempotency_key, x.request_hash, x.ceiling);
}

/// Asks a pool how many eSIMs there are.
struct count_pool {
  pool_name pool;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, count_pool& x) {
  return f(caf::meta::type_name("count_pool"), x.pool);
}

/// How many eSIMs of a pool are in which state.
struct stock_counts {
  int64_t available = 0;
  int64_t sold = 0;
  int64_t burned = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stock_counts& x) {
  return f(caf::meta::type_name("stock_counts"), x.available, x.sold, x.burned);
}

} // namespace meisim

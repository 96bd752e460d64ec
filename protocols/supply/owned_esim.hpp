#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/page.hpp"
#include "protocols/supply/supply.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// An eSIM that was sold to a dealer.
struct owned_esim {
  stock_row row;
  pool_name pool;
  std::string status;
  instant assigned_at;
  int64_t usage = 0;
  /// What the installation asks for; empty for most. Secret.
  std::string confirmation_code = {};
};

struct list_esims {
  dealer_id dealer;
  int32_t limit = 100;
  int32_t offset = 0;
};

/// A page of the dealer's purchases from stock, at places that are their usage numbers.
struct browse_purchases {
  dealer_id dealer;
  page_wish page;
};

struct esim_page {
  std::vector<owned_esim> esims;
  int64_t total = 0;
};

} // namespace meisim

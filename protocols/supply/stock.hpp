#pragma once

#include "protocols/base/id.hpp"
#include "protocols/supply/supply.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace meisim {

/// Up to `limit` rows of a pool that can be sold, oldest first, without those that are spoken for.
struct load_stock {
  pool_name pool;
  int32_t limit = 1'000;
  std::vector<inventory_id> except;
  /// No row with a smaller id can be sold any more.
  inventory_id from;
};

struct stock_slice {
  std::vector<stock_row> rows;
};

struct count_stock {
  pool_name pool;
};

/// The pools that there are.
struct list_pools {};

struct pool_list {
  std::vector<pool_name> pools;
};

/// Reserve a block of usage numbers.
struct reserve_usages {};

struct usage_block {
  int64_t first = 0;
  int64_t count = 0;
};

/// A line of an inventory file.
struct stock_line {
  int64_t number = 0;
  std::string iccid;
  std::string lpa;
  /// Secret; empty for most.
  std::string confirmation_code = {};
};

/// Take good lines into a pool; their form has been checked.
struct import_stock {
  pool_name pool;
  std::vector<stock_line> lines;
};

/// A line that was left out.
struct duplicate_line {
  int64_t number = 0;
  std::string reason;
};

struct import_result {
  int64_t imported = 0;
  std::vector<duplicate_line> duplicates;
};

} // namespace meisim

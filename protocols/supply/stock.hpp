#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/supply/supply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// Up to `limit` rows of a pool that can be sold, oldest first. Rows that are chosen for a sale
/// under way are left out.
struct load_stock {
  pool_name pool;
  int32_t limit = 1'000;
  std::vector<inventory_id> except;
  /// No row with a smaller id can be sold any more.
  inventory_id from;
};

struct stock_slice {
  std::vector<stock_row> rows;
  /// Whether all work is held: what a restored database calls unsold may be sold. Then there are no
  /// rows.
  bool is_held = false;
};

struct count_stock {
  pool_name pool;
};

/// The pools that there are.
struct list_pools {};

struct pool_list {
  std::vector<pool_name> pools;
  /// The threshold below which each pool runs out, in the same order.
  std::vector<int32_t> thresholds = {};
};

/// A pool can sell so many eSIMs. Tell operators if that is too few.
struct note_stock {
  pool_name pool;
  int64_t available = 0;
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
  /// The delivery that they came with; empty for none.
  std::string lot = {};
  /// The cost of each eSIM.
  std::optional<money> cost = {};
  audit_stamp by = {};
  /// Only tell what would be taken.
  bool is_preview = false;
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

/// Some of the stock: a lot, or single eSIMs.
struct stock_selection {
  std::string lot;
  std::vector<std::string> iccids;
};

/// Sell none of these any more; `not_found` if there is no such eSIM.
struct withdraw_stock {
  stock_selection what;
  std::string reason;
  audit_stamp by = {};
};

struct stock_withdrawn {
  /// How many were withdrawn now.
  int64_t count = 0;
  std::vector<pool_name> pools;
};

/// Which of these were sold, and to whom?
struct list_sold_stock {
  stock_selection what;
};

/// Keep these from being sold: they may have been sold after the moment that the database was
/// restored to. Possible only while all work is held, when no pool sells; otherwise `conflict`.
struct quarantine_stock {
  /// The eSIMs that were certainly sold. One that is not in stock will be in quarantine when it is
  /// imported.
  std::vector<std::string> iccids;
  /// Besides those that were certainly sold, so many that each pool would sell next.
  int32_t next_of_each_pool = 0;
  audit_stamp by = {};
};

struct stock_quarantined {
  /// How many more are in quarantine now.
  int64_t count = 0;
};

/// It is clear that these were not sold: they can be sold from now on. `not_found` if none of them
/// is in quarantine.
struct release_stock {
  stock_selection what;
  std::string reason;
  audit_stamp by = {};
};

struct stock_released {
  int64_t count = 0;
  /// The pools that have these eSIMs.
  std::vector<pool_name> pools;
};

struct sold_stock_row {
  std::string iccid;
  pool_name pool;
  /// The dealer's mail address.
  std::string dealer;
  int64_t usage = 0;
  instant sold_at;
  bool is_burned = false;
};

struct sold_stock {
  std::vector<sold_stock_row> rows;
};

/// All lots, with what is left of each.
struct list_lots {};

struct lot_row {
  /// Empty for what came without one.
  std::string lot;
  pool_name pool;
  std::optional<money> cost;
  int64_t imported = 0;
  int64_t available = 0;
  int64_t sold = 0;
  int64_t burned = 0;
  int64_t withdrawn = 0;
  /// May have been sold before the database was restored.
  int64_t quarantined = 0;
  /// Why it was withdrawn; empty if nothing is.
  std::string reason;
  /// When its first eSIM came, and when the oldest came that can be sold; zero if none can.
  instant imported_at = {};
  instant oldest_at = {};
};

struct lot_list {
  std::vector<lot_row> lots;
};

} // namespace meisim

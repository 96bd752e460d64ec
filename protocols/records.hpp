#pragma once

#include "protocols/access/dealer.hpp"
#include "protocols/money/commit.hpp"
#include "protocols/orders/order.hpp"
#include "protocols/supply/supply.hpp"

#include <string>
#include <vector>

namespace meisim {

// What is read from the database without deciding anything: the questions and their answers. They
// stay within a node.

/// Who owns the API key with this SHA-256 (hexadecimal)?
struct find_key_owner {
  std::string key_hash;
};

/// Who has this address?
struct find_dealer_id {
  std::string email;
};

struct load_dealer {
  dealer_id dealer;
};

struct load_wallet {
  dealer_id dealer;
};

/// What was answered under this idempotency key, or to this posting where there is no key? Nothing
/// yet if the receipt has no id.
struct find_receipt {
  dealer_id dealer;
  std::string idempotency_key;
  posting_id posting = {};
};

/// The dealer's order, with its eSIMs; `not_found` for anybody else's.
struct find_own_order {
  dealer_id dealer;
  order_id order;
};

/// The dealer's last `limit` orders, newest first.
struct list_orders {
  dealer_id dealer;
  int32_t limit = 100;
};

struct order_list {
  std::vector<order_summary> orders;
};

/// A line of the wallet as the dealer sees it.
struct wallet_entry {
  posting_id posting;
  int64_t seq = 0;
  instant created_at;
  std::string type;
  money amount;
  money balance_after;
  std::string description;
  std::string order;
  std::string stripe_session;
};

/// Lines of a CSV file (RFC 4180), some of many. A cell that a spreadsheet would run as a formula
/// is led by an apostrophe.
struct csv_page {
  std::string lines;
  /// The key of the last line, from which the next page goes on.
  int64_t last = 0;
  bool has_more = false;
};

/// Of the wallet's `limit` entries with `seq` above `after` those with times in [from, to), oldest
/// first: time, type, amount, balance after it, description, order, Stripe session. There may be
/// more behind a page without lines.
struct list_entries {
  dealer_id dealer;
  instant from;
  instant to;
  int64_t after = 0;
  int32_t limit = 1'000;
};

/// The balance and the last `limit` entries, newest first.
struct show_wallet {
  dealer_id dealer;
  int32_t limit = 50;
};

struct wallet_statement {
  money balance;
  std::vector<wallet_entry> entries;
};

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

struct list_esims {
  dealer_id dealer;
  int32_t limit = 100;
  int32_t offset = 0;
};

struct esim_page {
  std::vector<owned_esim> esims;
  int64_t total = 0;
};

/// All SKUs and all dealers' own prices.
struct load_prices {};

struct price_list {
  std::vector<sku> skus;
  std::vector<dealer_price> own_prices;
};

/// Reserve a block of usage numbers.
struct reserve_usages {};

struct usage_block {
  int64_t first = 0;
  int64_t count = 0;
};

/// Prove the ledger: every wallet against its transfers, and all accounts against zero.
struct check_ledger {};

struct ledger_check {
  int64_t wallets = 0;
  int64_t transfers = 0;
  /// One sentence for each thing that does not fit.
  std::vector<std::string> mismatches;
};

/// A line of an inventory file.
struct stock_line {
  int64_t number = 0;
  std::string iccid;
  std::string lpa;
};

/// Take good lines into a pool; their form has been checked.
struct import_stock {
  pool_name pool;
  std::vector<stock_line> lines;
};

struct import_result {
  int64_t imported = 0;
  int64_t duplicates = 0;
};

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/supply/owned_esim.hpp"
#include "protocols/supply/stock.hpp"

#include <optional>

namespace meisim {

/// Rows that can be sold, oldest first.
stock_slice sellable_rows(database& db, const load_stock& question);

/// How much of a pool is in which state.
stock_counts counts_of(database& db, const pool_name& pool);

/// Every pool that has or had a row.
pool_list all_pools(database& db);

/// A page of what was sold to a dealer, newest purchase first.
esim_page esims_of(database& db, const list_esims& question);

/// A page of a dealer's purchases.
json_page browse(database& db, const browse_purchases& question);

/// A sale as it was committed; without rows if there is none of this number.
supply_sold find_sale(database& db, int64_t usage);

/// Takes new rows into a pool. An eSIM is left out and listed if its ICCID or code is known
/// anywhere, in any spelling.
import_result insert_stock(database& db, const import_stock& rows);

/// Withdraws the selected eSIMs that are not sold. From the commit on no pool sells them, whatever
/// it has in memory. The answer has no pools if there is no such eSIM.
stock_withdrawn withdraw_rows(database& db, const withdraw_stock& wish);

/// Which of the selected eSIMs dealers have, oldest first, those that were handed out in
/// replacement included.
sold_stock sold_of(database& db, const stock_selection& what);

/// All lots, oldest first. Stock without a lot is listed as one lot for each pool and cost.
lot_list all_lots(database& db);

/// The next thousand usage numbers.
usage_block next_usages(database& db);

} // namespace meisim

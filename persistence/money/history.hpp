#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/csv_page.hpp"
#include "protocols/money/statement.hpp"
#include "protocols/orders/order_list.hpp"

namespace meisim {

/// The balance and the last entries, newest first; taken from one snapshot.
wallet_statement wallet_of(database& db, const show_wallet& question);

/// A page of a wallet's entries, oldest first.
csv_page entries_of(database& db, const list_entries& question);

/// A month of a wallet, taken from one snapshot.
month_statement month_of(database& db, const load_month& question);

json_page browse(database& db, const browse_entries& question);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/supply/stock.hpp"

#include <optional>

namespace meisim {

/// Puts stock in quarantine. Nothing while work is not held.
std::optional<stock_quarantined> quarantine(database& db, const quarantine_stock& wish);

/// Takes stock out of quarantine, and hands it to whoever waits for a replacement. Of a lot, what a
/// head tells to be sold stays: that goes by its number alone.
stock_released release(database& db, const release_stock& wish);

/// Serves all who have waited for a replacement while work was held.
void serve_all_waiting(database& db);

} // namespace meisim

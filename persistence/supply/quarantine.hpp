#pragma once

#include "persistence/base/session.hpp"
#include "protocols/supply/stock.hpp"

#include <optional>

namespace meisim {

/// Puts stock in quarantine. Nothing if work is not held.
std::optional<stock_quarantined> quarantine(database& db, const quarantine_stock& wish);

/// Takes stock out of quarantine, and hands it to whoever waits for a replacement. If a whole lot
/// is released, eSIMs that a signed head tells to be sold stay in quarantine. Such an eSIM is
/// released only by its own number.
stock_released release(database& db, const release_stock& wish);

/// Serves all who have waited for a replacement while work was held.
void serve_all_waiting(database& db);

} // namespace meisim

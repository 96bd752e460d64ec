#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"

#include <cstdint>
#include <optional>

namespace meisim {

/// How far a pass over the rows of one table has come.
struct retention_place {
  /// Microseconds since 1970, and among the rows of one time the id.
  int64_t after = 0;
  uuid last{};
};

/// Empties what the next rows behind `place` keep of customers, if they are older than so many
/// days, and moves `place` behind them: names, addresses, IMEI and EID of orders that have ended;
/// recipients and contents of customers' mails that are out; or what webhooks were told of orders,
/// where that is out. Returns how many rows were emptied; nothing if no row is left, or if another
/// node is doing it. Throws soci::soci_error.
std::optional<int64_t> empty_old_orders(database& db, int days, retention_place& place);
std::optional<int64_t> empty_old_mails(database& db, int days, retention_place& place);
std::optional<int64_t> empty_old_messages(database& db, int days, retention_place& place);

} // namespace meisim

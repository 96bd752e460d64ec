#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"

namespace meisim {

/// Empties what is kept of a customer: name, addresses, IMEI and EID of orders that have ended, and
/// mails. The ledger and the eSIMs stay. One transaction.
erased_customer erase(database& db, const erase_customer& wish);

} // namespace meisim

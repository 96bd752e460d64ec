#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/accounts.hpp"

namespace meisim {

/// Empties what is kept of a customer: name, addresses, IMEI and EID of orders that have ended,
/// mails, and where the results of batches were mailed. The ledger, the eSIMs and the SIMs that
/// were topped up stay. One transaction.
erased_customer erase(database& db, const erase_customer& wish);

} // namespace meisim

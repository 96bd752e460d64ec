#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"

#include <string>
#include <string_view>

namespace meisim {

/// Makes this the dealer's one-time code for five minutes and five tries, and queues the mail that
/// brings it, in one transaction. `hash` is hexadecimal; `kind` and `values` are the mail's
/// (protocols/notify/mail_content.hpp).
void issue_code(database& db, dealer_id dealer, const std::string& hash,
                const std::string& recipient, std::string_view kind, const std::string& values);

/// Counts a try, and spends the code if it is the right one. False for a wrong, expired, spent or
/// worn-out code.
bool spend_code(database& db, dealer_id dealer, const std::string& hash);

} // namespace meisim

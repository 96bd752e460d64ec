#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/id.hpp"

#include <string>

namespace meisim {

/// Makes this the dealer's one-time code for five minutes and five tries; the one before is void.
/// `hash` is hexadecimal.
void replace_code(database& db, dealer_id dealer, const std::string& hash);

/// Counts a try, and spends the code if it is the right one. False for a wrong, expired, spent or
/// worn-out code.
bool spend_code(database& db, dealer_id dealer, const std::string& hash);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/access/credit.hpp"

#include <cstdint>
#include <optional>

namespace meisim {

/// As the database has it: a negative limit stands for none.
credit_position credit_from(int64_t limit_cents, int64_t used_cents);

/// How far the dealer's credit is used.
credit_position credit_of(database& db, dealer_id dealer);

/// Sets the limit of a dealer who has just been added. Part of the caller's transaction.
void open_credit(database& db, dealer_id dealer, money limit);

/// Books a payment, with its audit event, unless it was booked under its key before. Nothing if the
/// key stands for another request.
std::optional<credit_settled> settle(database& db, dealer_id dealer, const settle_credit& wish);

} // namespace meisim

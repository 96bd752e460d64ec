#pragma once

#include "persistence/base/session.hpp"
#include "protocols/notify/notices.hpp"

namespace meisim {

/// What the dealer has chosen, or the defaults of a dealer who has chosen nothing.
notice_choices notice_choices_of(database& db, dealer_id dealer);

/// Sets what the dealer has chosen.
void put_notice_choices(database& db, const set_notice_choices& wish);

} // namespace meisim

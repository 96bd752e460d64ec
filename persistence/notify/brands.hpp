#pragma once

#include "persistence/base/session.hpp"
#include "protocols/notify/brand.hpp"

#include <optional>

namespace meisim {

std::optional<brand> brand_of(database& db, dealer_id dealer);

/// Sets the dealer's brand, or takes it away.
void put_brand(database& db, const set_brand& wish);

} // namespace meisim

#pragma once

#include "persistence/base/session.hpp"
#include "protocols/orders/esim_usage.hpp"

namespace meisim {

void keep_esim_usage(database& db, const note_esim_usage& what, instant at);

} // namespace meisim

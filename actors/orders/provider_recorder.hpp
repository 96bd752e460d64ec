#pragma once

#include "actors/orders/provider.hpp"

#include <memory>
#include <string>

namespace meisim {

/// Writes each exchange with the provider of these settings as a file of its own into the folder:
/// `p5-000001.json` (protocols/orders/exchange_record.hpp). The log says what cannot be written,
/// and the exchange goes on.
std::shared_ptr<exchange_observer> record_exchanges(const std::string& folder,
                                                    const provider_settings& settings);

} // namespace meisim

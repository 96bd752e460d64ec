#pragma once

#include <json/value.h>

#include <string>

namespace meisim {

/// What differs between the units that a provider has delivered here and its invoice, a CSV file
/// with the columns `id` and `amount`. Throws `refused` if it cannot be read.
Json::Value differences_from_invoice(const Json::Value& units, const std::string& file);

} // namespace meisim

#pragma once

#include "apps/meisimctl/admin_client.hpp"

#include <json/value.h>

#include <string>

namespace meisim {

/// What differs between the units that a provider has delivered here and its invoice, a CSV file
/// with the columns `id` and `amount`. Throws `refused` if it cannot be read.
Json::Value differences_from_invoice(const Json::Value& units, const std::string& file);

/// The units that a provider has delivered from a day to another.
Json::Value units_of_provider(const admin_client& node, const std::string& prefix,
                              const std::string& from, const std::string& to);

/// What differs between what a provider has delivered on these days and its own list, which it is
/// asked for. Throws `refused` if it lists nothing, or cannot be asked.
Json::Value differences_from_provider(const admin_client& node, const std::string& prefix,
                                      const std::string& from, const std::string& to);

} // namespace meisim

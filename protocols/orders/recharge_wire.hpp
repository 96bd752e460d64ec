#pragma once

#include "protocols/orders/provider.hpp"

#include <json/value.h>

#include <string>
#include <vector>

namespace meisim {

// The part of the provider's REST format (provider_wire.hpp) that is about top-ups.

Json::Value write_networks(const std::vector<network>& items);

/// Networks that make no sense are left out.
std::vector<network> read_networks(const Json::Value& json);

/// The body of a top-up.
std::string recharge_to_wire(const provider_order& order);

} // namespace meisim

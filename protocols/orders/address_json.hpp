#pragma once

#include "protocols/orders/order.hpp"

#include <json/value.h>

namespace meisim {

class json_writer;

// A postal address in JSON, as it is stored and as providers get it.

/// Its members.
void write_address(json_writer& out, const postal_address& address);

/// The address in `json`; empty if that is no object.
postal_address address_from(const Json::Value& json);

} // namespace meisim

#pragma once

#include "protocols/base/json_writer.hpp"
#include "protocols/supply/supply.hpp"

namespace meisim::http {

/// Writes the members of a SKU, for the portal as for the operator.
inline void write_sku(json_writer& out, const sku& item) {
  out.member("id", item.id)
    .member("service", item.service)
    .member("name", item.name)
    .member("carrier", item.pool.carrier)
    .member("plan_type", item.pool.plan_type)
    .member("price_usd", item.price);
}

} // namespace meisim::http

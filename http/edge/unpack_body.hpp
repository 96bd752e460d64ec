#pragma once

#include "http/edge/exchange.hpp"

namespace meisim::http {

/// Unpacks a body that came with `Content-Encoding: gzip`. False if it is damaged, packed
/// otherwise, or larger than the endpoint takes; then the request has been answered.
bool unpack_body(const exchange_pointer& x);

} // namespace meisim::http

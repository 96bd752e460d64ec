#pragma once

#include "http/edge/route.hpp"

namespace meisim::http {

/// Finds out who the caller is, whether the route is open to them, and whether they are within
/// their limit. Then calls the route's handler, or else answers why not.
void admit(const exchange_pointer& x);

} // namespace meisim::http

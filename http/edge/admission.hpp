#pragma once

#include "http/edge/route.hpp"

namespace meisim::http {

/// Finds out who the caller is, and whether the route is open to them and within their limit. Then
/// calls the route's handler; otherwise answers why not.
void admit(const exchange_pointer& x);

} // namespace meisim::http

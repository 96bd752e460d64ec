#pragma once

#include "http/edge/route.hpp"
#include "protocols/access/dealer.hpp"

namespace meisim::http {

/// Finds out who the caller is, whether the route is open to them, and whether they are within
/// their limit. Then it calls the route's handler, or answers why not.
void admit(const exchange_pointer& x);

/// The question that the dealer was asked before this request was let through. Asking it again does
/// not count as another request.
admission_request question_asked(const exchange_pointer& x);

} // namespace meisim::http

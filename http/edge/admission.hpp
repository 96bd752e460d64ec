#pragma once

#include "http/edge/route.hpp"
#include "protocols/access/dealer.hpp"

namespace meisim::http {

/// Finds out who the caller is, whether the route is open to them, and whether they are within
/// their limit. Then calls the route's handler, or else answers why not.
void admit(const exchange_pointer& x);

/// What the dealer was asked before this request was let through. To ask it again counts as no
/// further request.
admission_request question_asked(const exchange_pointer& x);

} // namespace meisim::http

#pragma once

#include "http/edge/exchange.hpp"

namespace meisim::http {

/// Answers with the document of the operators' API, which stands in the operators' table.
void get_admin_document(const exchange_pointer& x);

} // namespace meisim::http

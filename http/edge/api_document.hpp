#pragma once

#include <string>

namespace meisim::http {

/// The OpenAPI 3.1 document of the public port, put together from its parts once. Throws
/// std::runtime_error if a part is no JSON or repeats what another part says.
const std::string& api_document();

/// The same for the operators' port.
const std::string& admin_api_document();

} // namespace meisim::http

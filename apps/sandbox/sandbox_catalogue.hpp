#pragma once

#include "protocols/provider.hpp"

namespace meisim::sandbox {

/// What the sandbox sells. Names that end in `sandbox-reject`, `sandbox-flaky` and
/// `sandbox-timeout` fail in their ways.
catalogue make_catalogue();

} // namespace meisim::sandbox

#pragma once

#include "protocols/orders/provider.hpp"

namespace meisim::sandbox {

/// What the sandbox sells. Names that end in `sandbox-reject`, `sandbox-flaky` and
/// `sandbox-timeout` fail in their ways.
catalogue make_catalogue();

/// Whether a network knows this SIM: those of its country, but for numbers that end in 404.
bool has_sim(std::string_view network, const sim_target& sim);

} // namespace meisim::sandbox

#pragma once

#include "apps/meisimd/options.hpp"

namespace meisim {

/// Runs a node that has devices and nothing else, without a database, until a signal ends it.
/// Throws std::runtime_error if its settings are wrong.
int run_device_node(const node_options& options);

} // namespace meisim

#pragma once

#include "apps/meisimd/options.hpp"

namespace meisim {

/// Runs a node until SIGTERM or SIGINT, and drains it then. The process's exit status.
int run_node(const node_options& options);

} // namespace meisim

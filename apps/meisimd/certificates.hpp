#pragma once

#include "apps/meisimd/options.hpp"

#include <prometheus/registry.h>

namespace meisim {

/// Shows in the metrics when the certificates end that the node has loaded.
void show_certificates(const node_options& options, prometheus::Registry& registry);

} // namespace meisim

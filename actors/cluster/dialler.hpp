#pragma once

#include "protocols/cluster/cluster.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>

namespace meisim {

/// Spawns detached as DIALLER, because it blocks as `reach` does.
dialler_actor::behavior_type dialler(dialler_actor::pointer self,
                                     std::chrono::milliseconds patience);

} // namespace meisim

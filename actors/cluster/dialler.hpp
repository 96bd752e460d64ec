#pragma once

#include "protocols/cluster/cluster.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>
#include <string>

namespace meisim {

/// `host:port` in two; a port of zero if it is not that.
struct network_address {
  std::string host;
  uint16_t port = 0;
};

network_address read_network_address(const std::string& text);

/// Spawns as DIALLER, detached, as it blocks: for `patience` at an address where nobody answers.
dialler_actor::behavior_type dialler(dialler_actor::pointer self,
                                     std::chrono::milliseconds patience);

} // namespace meisim

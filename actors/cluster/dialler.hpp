#pragma once

#include "protocols/cluster/cluster.hpp"
#include "protocols/interfaces.hpp"

#include <chrono>
#include <string>

namespace meisim {

/// The two parts of `host:port`. The port is zero if the text is not of that form.
struct network_address {
  std::string host;
  uint16_t port = 0;
};

network_address read_network_address(const std::string& text);

/// Spawns detached as DIALLER, because it blocks: for `patience` at an address where nobody
/// answers.
dialler_actor::behavior_type dialler(dialler_actor::pointer self,
                                     std::chrono::milliseconds patience);

} // namespace meisim

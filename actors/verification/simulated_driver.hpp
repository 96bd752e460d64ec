#pragma once

#include "protocols/interfaces.hpp"
#include "protocols/verification/activation_code.hpp"
#include "protocols/verification/devices.hpp"
#include "protocols/verification/verdict.hpp"

#include <chrono>

namespace meisim {

/// A simulator's latency: the same code always takes the same time.
struct simulated_settings {
  std::chrono::milliseconds latency{5'000};
  /// A check may be quicker or slower by so many percent of the latency.
  int jitter_percent = 10;
};

using simulated_driver_actor = device_driver_actor::extend<
  // INTERNAL: the check has taken its time.
  caf::reacts_to<tick_atom>>;

struct simulated_driver_state {
  static inline const char* name = "simulated-driver";

  activation_code code;
  caf::typed_response_promise<finding> answer;
};

/// What the simulator finds out: by the start of the matching id (`AVAILABLE-`, `USED-`, …), or
/// else by a fixed hash of the code.
finding simulate(const activation_code& code);

/// Spawns as DEVICE DRIVER of a simulated device, for demonstrations and tests. A code whose
/// matching id begins with `HANG-` is never answered.
simulated_driver_actor::behavior_type simulated_driver(
  simulated_driver_actor::stateful_pointer<simulated_driver_state> self,
  simulated_settings settings);

} // namespace meisim

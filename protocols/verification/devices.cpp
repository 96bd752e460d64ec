#include "protocols/verification/devices.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 5> state_names{"idle", "checking", "resting", "probing",
                                                      "drained"};

} // namespace

std::string_view to_string(device_state state) {
  return state_names.at(static_cast<size_t>(state));
}

} // namespace meisim

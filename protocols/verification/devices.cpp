#include "protocols/verification/devices.hpp"

#include "protocols/base/names.hpp"

#include <algorithm>
#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, device_state_count> state_names{
  "idle", "checking", "resting", "probing", "drained", "starting", "refused", "lost"};

} // namespace

std::string_view to_string(device_state state) {
  return state_names.at(static_cast<size_t>(state));
}

std::optional<device_state> parse_device_state(std::string_view text) {
  return value_named<device_state>(text, state_names);
}

const test_step* device_test::flaw() const {
  auto found = std::ranges::find(steps, false, &test_step::is_ok);
  return found == steps.end() ? nullptr : &*found;
}

} // namespace meisim

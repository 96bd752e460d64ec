#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/verification/activation_code.hpp"
#include "protocols/verification/verdict.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// What a device does.
enum class device_state : uint8_t {
  idle,
  checking,
  /// Out of service after failures, until it is probed.
  resting,
  /// Back from a rest: one more failure sends it to a longer one.
  probing,
  /// Taken out by the operator.
  drained,
};

constexpr size_t device_state_count = static_cast<size_t>(device_state::drained) + 1;

std::string_view to_string(device_state state);

/// A device as operators see it.
struct device_report {
  std::string name;
  std::string driver;
  /// The node that it stands at.
  std::string node;
  device_state state = device_state::idle;
  int64_t checks = 0;
  int64_t failures = 0;
  int32_t failures_in_a_row = 0;
  /// Never unless it is resting.
  instant rests_until{};
  /// The last results, newest first: `used`, `error: no answer within 5 s`.
  std::vector<std::string> last_results;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, device_report& x) {
  return f(caf::meta::type_name("device_report"), x.name, x.driver, x.node, x.state, x.checks,
           x.failures, x.failures_in_a_row, x.rests_until, x.last_results);
}

/// Check this code.
struct check_order {
  /// Comes back with the result: an answer to an older question is not mistaken for this one's.
  uint64_t call_id = 0;
  activation_code code;
  /// Whether the row has failed on another device. Then the row is the likelier cause, and not this
  /// device.
  bool is_suspect = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_order& x) {
  return f(caf::meta::type_name("check_order"), x.call_id, x.code, x.is_suspect);
}

/// What came of a check.
struct check_done {
  uint64_t call_id = 0;
  /// False if the device was busy and did not check the code.
  bool was_tried = true;
  finding found;
  instant begun;
  instant ended;
  /// The device as it is after the check.
  device_report device;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_done& x) {
  return f(caf::meta::type_name("check_done"), x.call_id, x.was_tried, x.found, x.begun, x.ended,
           x.device);
}

struct list_devices {};

struct device_list {
  std::vector<device_report> devices;
};

/// Let a device end what it does, and give it nothing more.
struct drain_device {
  std::string name;
};

} // namespace meisim

#pragma once

#include "protocols/base/identity.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/verification/activation_code.hpp"
#include "protocols/verification/verdict.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
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
  /// Its first self-test is under way.
  starting,
  /// Gets no rows: its set-up is wrong, or its name or its card is another device's.
  refused,
  /// No node has told of it lately.
  lost,
};

constexpr size_t device_state_count = static_cast<size_t>(device_state::lost) + 1;

std::string_view to_string(device_state state);

std::optional<device_state> parse_device_state(std::string_view text);

/// A device as operators see it.
struct device_report {
  std::string name;
  std::string driver;
  /// The node at which it stands.
  std::string node;
  /// The process that it belongs to. Two benches may have the same name, but never the same site.
  std::string site;
  /// The card's EID, as its self-test read it; empty for a simulated device.
  std::string eid;
  /// The version of the device's program.
  std::string version;
  device_state state = device_state::idle;
  /// Why it is refused, or rests; empty while all is well.
  std::string detail;
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
  return f(caf::meta::type_name("device_report"), x.name, x.driver, x.node, x.site, x.eid,
           x.version, x.state, x.detail, x.checks, x.failures, x.failures_in_a_row, x.rests_until,
           x.last_results);
}

/// By this cards are told apart: the EID, or the name of a device that has none.
inline const std::string& identity_of(const device_report& device) {
  return device.eid.empty() ? device.name : device.eid;
}

/// A site's greeting, before it offers its devices.
struct site_greeting {
  /// The node's name, with which the names of all its devices begin.
  std::string name;
  /// The proof of its words to the process that it greets; empty where no TLS is used.
  identity_proof proof = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, site_greeting& x) {
  return f(caf::meta::type_name("site_greeting"), x.name, x.proof);
}

/// Check this code.
struct check_order {
  /// Comes back with the result, so that the answer to an older question is not mistaken for this
  /// one.
  uint64_t call_id = 0;
  activation_code code;
  /// Whether the row has failed on another device. Then the row is the likelier cause of a failure.
  bool is_suspect = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, check_order& x) {
  return f(caf::meta::type_name("check_order"), x.call_id, x.code, x.is_suspect);
}

/// The outcome of a check.
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

/// Several hosts fail on this device and succeed on others: let it rest.
struct doubt_device {
  /// For the operator.
  std::string reason;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, doubt_device& x) {
  return f(caf::meta::type_name("doubt_device"), x.reason);
}

/// Find out whether a device works, without a code. `name` says which one, if there are several.
struct test_device {
  std::string name;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, test_device& x) {
  return f(caf::meta::type_name("test_device"), x.name);
}

/// A part of a self-test.
struct test_step {
  /// `program`, `version`, `reader`, `card`, `eid`, `ca_file` or `network`.
  std::string what;
  bool is_ok = true;
  /// What was found, or what is wrong.
  std::string detail;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, test_step& x) {
  return f(caf::meta::type_name("test_step"), x.what, x.is_ok, x.detail);
}

/// The outcome of a self-test.
struct device_test {
  std::string name;
  std::string eid;
  std::string version;
  std::vector<test_step> steps;

  /// The first step that failed; null if none did.
  const test_step* flaw() const;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, device_test& x) {
  return f(caf::meta::type_name("device_test"), x.name, x.eid, x.version, x.steps);
}

/// The devices of all nodes that have a database.
struct list_devices {};

struct device_list {
  std::vector<device_report> devices;
};

/// Let a device end its work, and give it no more.
struct drain_device {
  std::string name;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, drain_device& x) {
  return f(caf::meta::type_name("drain_device"), x.name);
}

} // namespace meisim

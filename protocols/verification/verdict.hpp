#pragma once

#include "protocols/base/instant.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// What a device found out about an activation code.
enum class verdict : uint8_t { available, used, invalid, error, unknown };

constexpr size_t verdict_count = static_cast<size_t>(verdict::unknown) + 1;

/// `available`, `used`, `invalid`, `error`, `unknown`.
std::string_view to_string(verdict what);

std::optional<verdict> parse_verdict(std::string_view text);

/// Who may have caused an `error`.
enum class blame : uint8_t {
  nobody,
  /// The cause is not known: another device may succeed.
  unsure,
  /// This device, its card or its reader.
  device,
  /// The host, which the dealer chose, or the network on the way to it.
  host,
};

/// What a verdict rests on.
struct evidence {
  /// How far the check came, as the driver names it: `es9p_authenticate_client`.
  std::string stage;
  /// Subject and reason of the SM-DP+'s status: `8.2.6/3.8`; empty without one.
  std::string codes;
  /// The last HTTP status of the SM-DP+; 0 without one.
  int32_t http_status = 0;
  /// Who was asked: the code's host.
  std::string host;
  /// Whether a request to the host was begun. An SM-DP+ counts these.
  bool was_asked = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, evidence& x) {
  return f(caf::meta::type_name("evidence"), x.stage, x.codes, x.http_status, x.host, x.was_asked);
}

/// The outcome of one check of one code.
struct finding {
  verdict what = verdict::error;
  /// For the dealer; empty if the verdict says it all.
  std::string reason;
  /// The profile's ICCID, if the SM-DP+ told it.
  std::string iccid;
  /// Only for an `error`.
  blame fault = blame::nobody;
  evidence seen;
  /// For the operator: what the device's program complained of.
  std::string detail = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, finding& x) {
  return f(caf::meta::type_name("finding"), x.what, x.reason, x.iccid, x.fault, x.seen, x.detail);
}

/// Whether a dealer may have caused this error by the choice of the host: the host has answered, or
/// could not be asked. A single such error says nothing about the device.
bool may_be_the_hosts(const finding& found);

/// The finding about a text that is no activation code, which needs no device. `flaw` is what
/// read_activation_code says of it.
finding malformed_code(std::string_view flaw);

} // namespace meisim

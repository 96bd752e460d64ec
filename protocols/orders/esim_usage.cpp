#include "protocols/orders/esim_usage.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/strict_json.hpp"

#include <algorithm>
#include <array>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// The states that providers give an eSIM that is in a phone.
constexpr std::array installed_states{"installed", "enabled", "active", "disabled", "expired"};

} // namespace

std::optional<esim_usage> read_esim_usage(std::string_view text, int32_t unit) {
  auto json = parse_json_object(text);
  if (!json)
    return std::nullopt;
  auto state = lowered(text_of(*json, "State"));
  esim_usage usage;
  usage.unit = unit;
  usage.is_revoked = state == "revoked";
  usage.used_mb = number_of(*json, "DataUsedMb");
  usage.allowance_mb = number_of(*json, "DataAllowanceMb");
  usage.expires_at = parse_time(text_of(*json, "ExpiresAt")).value_or(instant{});
  // Data flows only through an eSIM that is installed.
  usage.is_installed =
    usage.used_mb > 0 || std::ranges::find(installed_states, state) != installed_states.end();
  return usage;
}

bool is_over(const esim_usage& usage, instant at) {
  return usage.is_revoked || (micros(usage.expires_at) != 0 && usage.expires_at <= at);
}

int32_t told_percent(const esim_usage& usage) {
  if (usage.allowance_mb <= 0)
    return 0;
  if (usage.used_mb >= usage.allowance_mb)
    return 100;
  return usage.used_mb >= usage.allowance_mb - usage.allowance_mb / 5 ? 80 : 0;
}

std::optional<int32_t> told_days(const esim_usage& usage, instant at) {
  auto left = usage.expires_at - at;
  if (micros(usage.expires_at) == 0 || left <= 0s || left > 72h)
    return std::nullopt;
  return left <= 24h ? 1 : 3;
}

} // namespace meisim

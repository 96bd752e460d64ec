#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// A point of wall-clock time (UTC) in whole microseconds, as PostgreSQL keeps it. The epoch stands
/// for "never".
using instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// The wall clock now.
inline instant now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Microseconds since 1970.
inline int64_t micros(instant time) {
  return time.time_since_epoch().count();
}

inline instant from_micros(int64_t value) {
  return instant{std::chrono::microseconds{value}};
}

/// RFC 3339 in UTC and whole seconds: `2026-05-05T12:34:56Z`.
std::string rfc3339(instant time);

/// The same with microseconds: `2026-05-05T12:34:56.000789Z`.
std::string rfc3339_to_micros(instant time);

/// The start of a UTC day written `2026-05-05`; nothing if it is no such date.
std::optional<instant> parse_date(std::string_view text);

/// A time by RFC 3339 in UTC, to the second: `2026-05-05T12:34:56Z`; a fraction is dropped. Nothing
/// for any other text.
std::optional<instant> parse_time(std::string_view text);

} // namespace meisim

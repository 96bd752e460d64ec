#pragma once

#include "protocols/base/instant.hpp"

#include <optional>
#include <string_view>

namespace meisim {

/// The result of reading a time: the time, or what is wrong with the text.
struct time_reading {
  std::optional<instant> time;
  /// A sentence without its subject; empty beside a time.
  std::string_view flaw;
};

/// Reads a UTC day, `2026-05-05`, as its start.
time_reading read_day(std::string_view text);

/// Reads a time by RFC 3339, and forms of it that programs write: an offset without a colon; no
/// seconds; a blank in place of the `T` and, in a query, of the offset's plus sign. A fraction of a
/// second is dropped. A time without an offset is refused.
time_reading read_time(std::string_view text);

/// Reads a day or a time.
time_reading read_moment(std::string_view text);

} // namespace meisim

#pragma once

#include "protocols/base/instant.hpp"

#include <optional>
#include <string_view>

namespace meisim {

/// What became of reading a time: the time, or what is wrong with the text.
struct time_reading {
  std::optional<instant> time;
  /// A sentence without its subject; empty beside a time.
  std::string_view flaw;
};

/// Reads a UTC day, `2026-05-05`, as its start.
time_reading read_day(std::string_view text);

/// Reads a time by RFC 3339, or as programs write it that mean the same: with an offset, which may
/// have no colon; without seconds; with a blank for the `T`, and, in a query, for the plus sign of
/// the offset. A fraction of a second is dropped. One that does not say its offset is refused.
time_reading read_time(std::string_view text);

/// Reads either of them.
time_reading read_moment(std::string_view text);

} // namespace meisim

#include "protocols/notify/dealer_events.hpp"

#include <fmt/core.h>

#include <charconv>

namespace meisim {

std::string to_string(const event_position& position) {
  return fmt::format("{}-{}", position.transaction, position.number);
}

std::optional<event_position> read_event_position(std::string_view text) {
  event_position result;
  const auto* end = text.data() + text.size();
  auto first = std::from_chars(text.data(), end, result.transaction);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-')
    return std::nullopt;
  auto second = std::from_chars(first.ptr + 1, end, result.number);
  if (second.ec != std::errc{} || second.ptr != end || result.number < 0)
    return std::nullopt;
  return result;
}

} // namespace meisim

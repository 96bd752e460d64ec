#include "protocols/base/page.hpp"

#include <fmt/core.h>

#include <charconv>

namespace meisim {

std::string to_string(const page_cursor& cursor) {
  return cursor.id ? fmt::format("{}.{}", cursor.at, to_string(cursor.id))
                   : std::to_string(cursor.at);
}

std::optional<page_cursor> parse_page_cursor(std::string_view text) {
  page_cursor result;
  const auto* end = text.data() + text.size();
  auto [rest, failure] = std::from_chars(text.data(), end, result.at);
  if (failure != std::errc{} || result.at < 0 || result.at > newest.at)
    return std::nullopt;
  if (rest == end)
    return result;
  auto id = *rest == '.' ? parse_uuid({rest + 1, end}) : std::nullopt;
  if (!id)
    return std::nullopt;
  result.id = *id;
  return result;
}

} // namespace meisim

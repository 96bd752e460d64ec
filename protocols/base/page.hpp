#pragma once

#include "protocols/base/id.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// Lists that are read page by page, from the newest item to the oldest. A page begins behind a
// place in the list, not after a number of items, so that a deep page costs what the first does.

/// The place of an item: a number that is greater for newer items, and its id, because two items
/// can have the same number.
struct page_cursor {
  int64_t at = 0;
  uuid id;
};

/// Before everything: microseconds of the year 2255, and the greatest id.
constexpr page_cursor newest{9'007'199'254'740'991, {~uint64_t{0}, ~uint64_t{0}}};

/// The form in which callers get it and give it back.
std::string to_string(const page_cursor& cursor);

/// Nothing for a text that `to_string` did not write.
std::optional<page_cursor> parse_page_cursor(std::string_view text);

/// Which part of a list is wanted.
struct page_wish {
  int32_t limit = 20;
  page_cursor behind = newest;
};

/// A part of a list, as the database writes it.
struct json_page {
  /// Each is a JSON object.
  std::vector<std::string> items;
  /// Where the next page begins; empty behind the last item.
  std::string next_cursor;
};

/// A JSON object, as the database writes it.
struct json_document {
  std::string text;
};

} // namespace meisim

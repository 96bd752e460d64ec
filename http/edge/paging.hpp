#pragma once

#include "http/edge/asking.hpp"
#include "protocols/base/page.hpp"

#include <optional>
#include <utility>

namespace meisim::http {

// Lists of `{"data": […], "next_cursor": …}`. The query says `limit`, and `cursor` for all pages
// but the first.

/// Nothing if the query's `limit` or `cursor` is wrong; then the request has been answered.
std::optional<page_wish> read_page_wish(const exchange_pointer& x);

/// The period that the query gives as `from` and `to`.
struct time_range {
  instant from;
  /// Not included.
  instant to = from_micros(newest.at);
};

/// Each is a day (`2026-05-01`, all of it) or a time (`2026-05-01T12:00:00Z`). Nothing if one is
/// neither; then the request has been answered.
std::optional<time_range> read_time_range(const exchange_pointer& x);

/// The actor that reads a page of a dealer's list. The first page shows what was done just now.
/// Later pages may be as old as the replica.
const records_actor& list_reader(const exchange_pointer& x, const page_wish& page);

/// Answers with a page of a list.
void succeed(const exchange_pointer& x, const json_page& page);

/// Asks for a page, and answers with it.
template <class Handle, class Question>
void answer_page(const exchange_pointer& x, const Handle& target, Question question) {
  ask<json_page>(
    x, target, [x](const json_page& page) { succeed(x, page); }, std::move(question));
}

} // namespace meisim::http

#include "http/edge/paging.hpp"

#include "http/edge/parameters.hpp"
#include "protocols/base/date_time.hpp"
#include "protocols/base/text.hpp"

namespace meisim::http {

namespace {

constexpr int32_t most_items = 100;

void write_page(json_writer& out, const json_page& page) {
  out
    .array(
      "data", page.items,
      [](json_writer& to, const std::string& item) { to.value(json_text{without_blanks(item)}); })
    .member("next_cursor", or_null(page.next_cursor));
}

/// The time that a parameter names; the end of a day if `is_end`.
std::optional<instant> read_bound(parameters& in, const char* name, bool is_end) {
  auto text = in.text(name);
  if (text.empty())
    return std::nullopt;
  if (auto day = read_day(text).time)
    return is_end ? *day + std::chrono::days{1} : *day;
  auto reading = read_time(text);
  if (!reading.time)
    in.reject(name, text.find(':') == std::string::npos
                      ? "must be a day like 2026-05-01, or a time like 2026-05-01T12:34:56Z"
                      : reading.flaw);
  return reading.time;
}

} // namespace

std::optional<page_wish> read_page_wish(const exchange_pointer& x) {
  page_wish wish;
  auto limit = x->incoming.whole_parameter("limit", 1, most_items, wish.limit);
  if (!limit) {
    fail(x, limit.error());
    return std::nullopt;
  }
  wish.limit = *limit;
  auto text = trimmed_text(x->incoming.parameter("cursor").value_or(""));
  if (text.empty())
    return wish;
  auto cursor = parse_page_cursor(text);
  if (!cursor) {
    fail(x, make_error(cause::invalid_field, "cursor must be the next_cursor of the page before",
                       "cursor"));
    return std::nullopt;
  }
  wish.behind = *cursor;
  return wish;
}

const records_actor& list_reader(const exchange_pointer& x, const page_wish& page) {
  bool is_first = page.behind.at == newest.at;
  const auto& node = *x->node;
  return is_first || !node.long_reads.reads_replica() ? node.records.next()
                                                      : node.long_reads.next();
}

std::optional<time_range> read_time_range(const exchange_pointer& x) {
  parameters in{x->incoming};
  time_range range;
  range.from = read_bound(in, "from", false).value_or(range.from);
  range.to = read_bound(in, "to", true).value_or(range.to);
  if (range.from >= range.to)
    in.reject("from", "must not be after to");
  if (!in.failure())
    return range;
  fail(x, in.failure());
  return std::nullopt;
}

void succeed(const exchange_pointer& x, const json_page& page) {
  succeed(x, json_object(write_page, page));
}

} // namespace meisim::http

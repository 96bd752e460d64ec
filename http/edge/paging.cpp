#include "http/edge/paging.hpp"

namespace meisim::http {

namespace {

constexpr int32_t most_items = 100;

void write_page(json_writer& out, const json_page& page) {
  out
    .array("data", page.items,
           [](json_writer& to, const std::string& item) { to.value(json_text{item}); })
    .member("next_cursor", or_null(page.next_cursor));
}

/// The time that a parameter names; the end of a day where `is_end`.
caf::expected<std::optional<instant>> read_bound(const exchange_pointer& x, const char* name,
                                                 bool is_end) {
  auto text = x->incoming.parameter(name);
  if (!text)
    return std::optional<instant>{};
  if (auto day = parse_date(*text))
    return std::optional{is_end ? *day + std::chrono::days{1} : *day};
  if (auto time = parse_time(*text))
    return std::optional{*time};
  return make_error(cause::invalid_field,
                    std::string{name}
                      + " must be a day like 2026-05-01, or a time like 2026-05-01T12:34:56Z",
                    name);
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
  auto text = x->incoming.parameter("cursor");
  if (!text)
    return wish;
  auto cursor = parse_page_cursor(*text);
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
  auto from = read_bound(x, "from", false);
  auto to = read_bound(x, "to", true);
  time_range range;
  if (!from || !to) {
    fail(x, from ? to.error() : from.error());
    return std::nullopt;
  }
  range.from = from->value_or(range.from);
  range.to = to->value_or(range.to);
  if (range.from >= range.to) {
    fail(x, make_error(cause::invalid_field, "from must not be after to", "from"));
    return std::nullopt;
  }
  return range;
}

void succeed(const exchange_pointer& x, const json_page& page) {
  succeed(x, json_object(write_page, page));
}

} // namespace meisim::http

#include "http/edge/asking.hpp"
#include "http/edge/download.hpp"
#include "http/edge/parameters.hpp"
#include "http/edge/statement_pdf.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/error.hpp"
#include "protocols/money/statement.hpp"

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace meisim::http {

// The wallet's statement: as CSV of any days, and as PDF of a month.

namespace {

constexpr auto default_days = std::chrono::days{90};

/// Rows read and sent at a time: about a megabyte.
constexpr int32_t entries_per_page = 10'000;

constexpr std::string_view statement_head =
  "Date,Type,Amount USD,Balance after USD,Description,Order ID,Stripe session\r\n";

/// Whole days of UTC; `to` is behind the last one.
struct statement_days {
  instant from;
  instant to;
  /// The name of a file of these days, such as `2026-05`.
  std::string name;
};

std::string date_of(instant when) {
  return rfc3339(when).substr(0, 10);
}

std::optional<statement_days> month_named(std::string text) {
  using namespace std::chrono;
  auto first = text.size() == 7 ? parse_date(text + "-01") : std::nullopt;
  if (!first)
    return std::nullopt;
  year_month_day day{floor<days>(*first)};
  return statement_days{*first, sys_days{day + months{1}}, std::move(text)};
}

/// The month that the query names, or else this one. Nothing if the request has been answered.
std::optional<statement_days> read_month(const exchange_pointer& x) {
  auto asked = parameters{x->incoming}.text("month");
  auto month = month_named(asked.empty() ? date_of(now()).substr(0, 7) : asked);
  if (!month)
    fail(x, make_error(cause::invalid_field, "month must be a month like 2026-05", "month"));
  return month;
}

/// The days that the query names by `from` and `to`. Nothing if the request has been answered.
std::optional<statement_days> read_days(const exchange_pointer& x) {
  auto today = std::chrono::floor<std::chrono::days>(now());
  parameters in{x->incoming};
  instant last = in.day("to").value_or(today);
  instant first = in.day("from").value_or(last - default_days);
  if (first > last)
    in.reject("from", "must not be after to");
  if (in.failure()) {
    fail(x, in.failure());
    return std::nullopt;
  }
  return statement_days{first, last + std::chrono::days{1},
                        date_of(first) + "-to-" + date_of(last)};
}

void get_statement(const exchange_pointer& x) {
  bool has_month = x->incoming.parameter("month").has_value();
  if (has_month && (x->incoming.parameter("from") || x->incoming.parameter("to")))
    return fail(
      x, make_error(cause::invalid_field, "month must not stand beside from or to", "month"));
  auto days = has_month ? read_month(x) : read_days(x);
  if (!days)
    return;
  list_entries first;
  first.dealer = x->dealer().id;
  first.from = days->from;
  first.to = days->to;
  first.limit = entries_per_page;
  download(x, fmt::format("statement-{}.csv", days->name), statement_head, first);
}

void get_statement_pdf(const exchange_pointer& x) {
  auto month = read_month(x);
  if (!month)
    return;
  load_month question;
  question.dealer = x->dealer().id;
  question.from = month->from;
  question.to = month->to;
  ask<month_statement>(
    x, x->node->long_reads.next(),
    [x, name = month->name](const month_statement& what) {
      response result;
      result.content_type = "application/pdf";
      result.headers.emplace_back("Content-Disposition",
                                  fmt::format(R"(attachment; filename="statement-{}.pdf")", name));
      const auto& owner = x->dealer();
      result.body = statement_pdf({x->node->company, owner.company, owner.email, name, what});
      answer(x, std::move(result));
    },
    question);
}

} // namespace

route_table statement_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/dealer/statement",
          dealer,
          none,
          get_statement,
          {.parameters = "from to month", .scopes = scopes::read | scopes::wallet}},
    route{get,
          "/dealer/statement.pdf",
          dealer,
          read,
          get_statement_pdf,
          {.parameters = "month", .is_long = true, .scopes = scopes::read | scopes::wallet}},
  };
  return table;
}

} // namespace meisim::http

#include "http/edge/batch_csv.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"

#include <csv.h>
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>

namespace meisim::http {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Takes what libcsv reads, cell by cell.
struct reading {
  std::vector<batch_row> rows;
  std::vector<std::string> cells;
  /// The line that is being read, from 1, and the one that the row began on.
  int64_t line = 1;
  int64_t row_line = 1;
  bool has_header = false;
  bool is_lpa_first = false;
  std::string flaw;

  void reject(std::string_view why) {
    if (flaw.empty())
      flaw = fmt::format("line {}: {}", row_line, why);
  }

  void end_header() {
    for (auto& cell : cells)
      cell = lowered(cell);
    has_header = true;
    is_lpa_first = cells.size() == 2 && cells[0] == "lpa" && cells[1] == "iccid";
    if (!is_lpa_first && !(cells.size() == 2 && cells[0] == "iccid" && cells[1] == "lpa"))
      reject("the header must name the columns iccid and lpa");
  }

  void end_row() {
    if (!has_header)
      end_header();
    else if (cells.size() != 2)
      reject(fmt::format("has {} columns instead of 2", cells.size()));
    else if (rows.size() == most_batch_rows)
      reject("there are more than 50,000 rows");
    else
      rows.push_back(
        {std::move(cells[is_lpa_first ? 1 : 0]), std::move(cells[is_lpa_first ? 0 : 1])});
    cells.clear();
  }
};

void take_cell(void* text, size_t size, void* into) {
  static_cast<reading*>(into)->cells.emplace_back(static_cast<const char*>(text), size);
}

void take_row(int, void* into) {
  static_cast<reading*>(into)->end_row();
}

using parser_pointer = std::unique_ptr<csv_parser, decltype(&csv_free)>;

} // namespace

caf::expected<std::vector<batch_row>> read_batch_csv(std::string_view csv) {
  if (csv.starts_with(byte_order_mark))
    csv = csv.substr(byte_order_mark.size());
  csv_parser parser{};
  csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
  parser_pointer guard{&parser, csv_free};
  reading state;
  // The library does not count lines, so it is given one line at a time.
  for (; !csv.empty() && state.flaw.empty(); ++state.line) {
    if (state.cells.empty())
      state.row_line = state.line;
    auto size = std::min(csv.find('\n'), csv.size() - 1) + 1;
    if (csv_parse(&parser, csv.data(), size, take_cell, take_row, &state) != size)
      state.reject("a quote is in the wrong place");
    csv = csv.substr(size);
  }
  if (state.flaw.empty() && csv_fini(&parser, take_cell, take_row, &state) != 0)
    state.reject("a quoted cell has no end");
  if (!state.flaw.empty())
    return make_error(ec::invalid, "csv " + state.flaw);
  if (state.rows.empty())
    return make_error(ec::invalid, "csv must hold 1 to 50,000 rows under its header");
  return std::move(state.rows);
}

} // namespace meisim::http

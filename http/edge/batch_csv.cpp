#include "http/edge/batch_csv.hpp"

#include "protocols/base/csv_table.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/verification/batch_rows.hpp"

#include <fmt/core.h>

#include <array>
#include <string>
#include <utility>

namespace meisim::http {

namespace {

constexpr size_t longest_cell = 1'024;

constexpr std::array batch_columns{csv_column{"iccid", false}, csv_column{"lpa", true}};

caf::error bad_csv(std::string_view why) {
  return make_error(cause::malformed_body, fmt::format("csv {}", why), "csv");
}

/// What is wrong with a row that cannot be charged; empty if nothing is. An ICCID here only tells
/// the dealer's rows apart, so it may be any text but a number that has lost its digits.
std::string_view flaw_of_row(const csv_row& row) {
  if (!row.fits)
    return "has no column lpa";
  if (row.cells[0].size() > longest_cell || row.cells[1].size() > longest_cell)
    return "has a cell of more than 1,024 characters";
  return is_shortened_number(row.cells[0]) ? shortened_number : std::string_view{};
}

} // namespace

caf::expected<csv_batch> read_batch_csv(std::string_view csv) {
  auto table = read_csv_table(csv, batch_columns, csv_header::required, most_batch_rows);
  if (!table)
    return bad_csv(message_of(table.error()));
  if (table->empty())
    return bad_csv("must hold 1 to 50,000 rows under its header");
  csv_batch batch;
  for (const auto& row : *table) {
    if (auto flaw = flaw_of_row(row); !flaw.empty())
      return bad_csv(
        fmt::format("line {}: {}{}", row.line, flaw == shortened_number ? "iccid " : "", flaw));
    batch.rows.push_back(make_batch_row(row.cells[0], row.cells[1]));
    batch.lines.push_back(row.line);
  }
  return batch;
}

} // namespace meisim::http

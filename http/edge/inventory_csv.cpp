#include "http/edge/inventory_csv.hpp"

#include "protocols/base/csv_table.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/verification/activation_code.hpp"

#include <fmt/core.h>

#include <array>
#include <limits>
#include <utility>

namespace meisim::http {

namespace {

constexpr std::array inventory_columns{csv_column{"iccid"}, csv_column{"lpa"}};

/// Takes a row, or lists its line with what is wrong with it.
void take_row(inventory_file& file, const csv_row& row) {
  auto reject = [&](std::string why) { file.rejected.push_back({row.line, std::move(why)}); };
  if (!row.fits)
    return reject("must have two columns, iccid and lpa");
  auto iccid = read_iccid(row.cells[0]);
  if (!iccid.number)
    return reject(fmt::format("iccid {}", iccid.flaw));
  auto lpa = read_activation_code(row.cells[1]);
  if (!lpa.code)
    return reject(fmt::format("lpa {}", lpa.flaw));
  file.lines.push_back({row.line, std::move(iccid.number->digits), to_string(*lpa.code),
                        std::move(lpa.code->confirmation_code)});
}

} // namespace

caf::expected<inventory_file> read_inventory(std::string_view csv, int64_t first_line) {
  auto table = read_csv_table(csv, inventory_columns, csv_header::optional,
                              std::numeric_limits<size_t>::max());
  if (!table)
    return std::move(table.error());
  inventory_file file;
  for (auto& row : *table) {
    row.line += first_line - 1;
    take_row(file, row);
  }
  return file;
}

} // namespace meisim::http

#pragma once

#include <caf/expected.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// A column that a reader of CSV asks for.
struct csv_column {
  /// As the header has it, in lower case.
  std::string_view name;
  bool is_required = true;
};

/// A row with the cells of the columns that were asked for, in that order.
struct csv_row {
  /// The line that it begins on, from 1.
  int64_t line = 1;
  /// A cell is empty if the file has no such column or the row is too short for it.
  std::vector<std::string> cells;
  /// Whether it has the required columns. Without a header, whether it has exactly the columns that
  /// were asked for.
  bool fits = true;
};

/// How a file without a header is read.
enum class csv_header : uint8_t {
  /// It is refused.
  required,
  /// Its columns are those that were asked for, in that order.
  optional,
};

/// Reads CSV as spreadsheets and scripts write it (RFC 4180 and what they make of it). The
/// separator is a comma, a semicolon or a tab: the one that `sep=` names, or else the most frequent
/// one in the first line that is not blank. The text is UTF-8 with or without a byte order mark, or
/// UTF-16 with one. Lines end in CRLF, LF or CR. The header may be in any case and order. Other
/// columns and blank rows are left out. Invisible characters around a cell are removed, and `="…"`
/// stands for the text in it.
///
/// The error `malformed_body` names the line that cannot be read, or the column that is missing.
caf::expected<std::vector<csv_row>> read_csv_table(std::string_view bytes,
                                                   std::span<const csv_column> columns,
                                                   csv_header header, size_t most_rows);

} // namespace meisim

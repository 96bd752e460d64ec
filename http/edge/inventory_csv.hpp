#pragma once

#include "protocols/supply/stock.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace meisim::http {

/// A line of an inventory file that cannot be taken.
struct rejected_line {
  int64_t number = 0;
  std::string reason;
};

struct inventory_file {
  std::vector<stock_line> lines;
  std::vector<rejected_line> rejected;
};

/// Reads CSV with the columns iccid and lpa (protocols/base/csv_table.hpp), with or without a
/// header. Good lines are kept, with their codes in the form `LPA:1$host$id`; bad lines are listed.
/// If the text is a part of a file, `first_line` is the number of its first line. `malformed_body`
/// if it is no CSV.
caf::expected<inventory_file> read_inventory(std::string_view csv, int64_t first_line);

} // namespace meisim::http

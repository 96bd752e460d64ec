#pragma once

#include <cstdint>
#include <string>

namespace meisim {

/// A page of the lines of a CSV file (RFC 4180). A cell that a spreadsheet would run as a formula
/// begins with an apostrophe.
struct csv_page {
  std::string lines;
  /// The key of the last line, from which the next page goes on.
  int64_t last = 0;
  bool has_more = false;
};

} // namespace meisim

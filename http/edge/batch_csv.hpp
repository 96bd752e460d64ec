#pragma once

#include "protocols/verification/batch.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace meisim::http {

/// A batch with the line that each row stands on, from 1.
struct csv_batch {
  std::vector<batch_row> rows;
  std::vector<int64_t> lines;
};

/// Reads a batch from CSV (protocols/base/csv_table.hpp): a header that names the column `lpa`, and
/// perhaps `iccid`, then 1 to 50,000 rows. `malformed_body` names the line that is wrong.
caf::expected<csv_batch> read_batch_csv(std::string_view csv);

} // namespace meisim::http

#pragma once

#include "protocols/verification/batch.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// A row as it is kept: as the dealer wrote it, without invisible characters at its ends. A
/// confirmation code in it is left out, because a check needs none and it is secret.
batch_row make_batch_row(std::string_view iccid, std::string_view lpa);

/// A row that is no activation code, and why.
struct malformed_row {
  /// The line of the file, or the code's place in the list, from 1.
  int64_t line = 0;
  std::string_view reason;
};

/// What can be said of a batch without a device.
struct row_survey {
  /// Rows whose code stands in an earlier row, in any spelling.
  std::vector<size_t> repeats;
  std::vector<malformed_row> malformed;
};

/// Looks over a batch; `lines` has the line of each row.
row_survey survey_rows(const std::vector<batch_row>& rows, const std::vector<int64_t>& lines);

/// The rows without those that repeat an earlier one.
std::vector<batch_row> without_repeats(std::vector<batch_row> rows, const row_survey& known);

} // namespace meisim

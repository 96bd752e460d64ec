#pragma once

#include "protocols/verification/batch.hpp"

#include <caf/expected.hpp>

#include <string_view>
#include <vector>

namespace meisim::http {

/// Reads a batch from CSV (RFC 4180): a header that names the columns `iccid` and `lpa`, in either
/// order, then 1 to 50,000 rows. Line ends may be CRLF or LF, and a byte order mark may lead.
/// `invalid` names the line that is wrong.
caf::expected<std::vector<batch_row>> read_batch_csv(std::string_view csv);

} // namespace meisim::http

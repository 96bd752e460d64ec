#pragma once

#include "http/server/body_budget.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace meisim::http {

enum class unpacking : uint8_t { whole, damaged, too_large, out_of_memory };

/// Unpacks all of `packed`, which may be several gzip members (RFC 1952), and appends it to `into`,
/// which grows little beyond `most`. Both texts count towards `memory`.
unpacking gunzip(std::string& packed, size_t most, body_share& memory, std::string& into);

} // namespace meisim::http

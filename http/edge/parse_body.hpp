#pragma once

#include <caf/expected.hpp>
#include <json/value.h>

#include <string_view>

namespace meisim::http {

/// Reads a body that must be one JSON object (RFC 8259) and nothing else: no comments, no trailing
/// text, no duplicate names, no NUL, valid UTF-8, at most 32 levels deep. `invalid` tells what is
/// wrong.
caf::expected<Json::Value> parse_body(std::string_view body);

} // namespace meisim::http

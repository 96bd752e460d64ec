#pragma once

#include <caf/expected.hpp>
#include <json/value.h>

#include <string_view>

namespace meisim::http {

/// The body without the byte order mark that some software puts before JSON.
std::string_view without_bom(std::string_view body);

/// The most levels that an object may have.
constexpr size_t deepest_nesting = 32;

/// Reads a body that must be one JSON object (RFC 8259) and nothing else: no comments, no trailing
/// text, no duplicate names, no NUL, valid UTF-8, at most 32 levels deep.
/// `malformed_body` tells what is wrong.
caf::expected<Json::Value> parse_body(std::string_view body);

} // namespace meisim::http

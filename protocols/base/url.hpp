#pragma once

#include <string>
#include <string_view>

namespace meisim {

/// `text` as one segment of a path, or one value of a query: all but letters, digits, `-`, `_` and
/// `.` is percent-encoded (RFC 3986 §2.1).
std::string url_escaped(std::string_view text);

} // namespace meisim

#pragma once

#include <boost/beast/http/field.hpp>

#include <string_view>

namespace meisim::http {

/// Why a header is refused.
struct head_fault {
  /// 0 if the header is well-formed.
  int status = 0;
  std::string_view message;
};

/// Checks the form of a header that proxies in front of us may act upon. A header that two programs
/// would read in two ways is refused. Unknown headers always pass.
head_fault check_header(boost::beast::http::field name, std::string_view value);

} // namespace meisim::http

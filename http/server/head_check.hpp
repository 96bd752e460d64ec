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

/// Checks the form of a header that others on the way to us, or behind us, may act upon: one that
/// two of them would read in two ways is refused. Headers that are not known here always pass.
head_fault check_header(boost::beast::http::field name, std::string_view value);

} // namespace meisim::http

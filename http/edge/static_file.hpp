#pragma once

#include "http/edge/exchange.hpp"

#include <string>
#include <string_view>

namespace meisim::http {

/// A file with what a browser needs to know whether its copy is still good.
struct static_file {
  std::string_view content_type;
  std::string_view text;
  std::string etag;
};

/// The content type follows from the name's ending; HTML for one without.
static_file make_static_file(std::string_view name, std::string_view text);

/// The answer with this file, or with 304 if the caller has it. `caching` is the Cache-Control.
response show_file(const exchange_pointer& x, const static_file& what, std::string_view caching);

} // namespace meisim::http

#pragma once

#include "http/edge/answering.hpp"

#include <string>
#include <string_view>

namespace meisim::http {

/// The tag of a content: the same for the same bytes, on every node.
std::string etag_of(std::string_view content);

/// An answer to one dealer with its tag. A caller that has these bytes already (`If-None-Match`)
/// gets 304 and no body. No cache on the way keeps them.
response tagged(const exchange_pointer& x, std::string_view content_type, std::string body);

/// The same, for a content whose tag is known. `caching` is the Cache-Control.
response tagged(const exchange_pointer& x, std::string_view content_type, std::string_view body,
                const std::string& etag, std::string_view caching = "no-cache");

} // namespace meisim::http

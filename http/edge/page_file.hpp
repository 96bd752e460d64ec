#pragma once

#include "http/edge/embedded_files.hpp"
#include "http/edge/static_file.hpp"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace meisim::http {

/// A part of a page, in each form in which it was compiled in.
struct page_file {
  static_file plain;
  std::optional<static_file> gzip;
  std::optional<static_file> brotli;
};

/// By name.
using page_files = std::map<std::string, page_file, std::less<>>;

/// Adds files to those that are known. A name that ends in `.gz` or `.br` is another form of the
/// file without that ending.
void add_page_files(page_files& known, std::span<const embedded_file> files);

/// The answer with this file, in the smallest form that the caller takes. `caching` is the
/// Cache-Control.
response show_page_file(const exchange_pointer& x, const page_file& what, std::string_view caching);

/// The answer with a page. The page loads nothing from elsewhere, runs only its own scripts, and
/// cannot stand in a frame. The only exception is for style elements that its scripts make: they
/// have the nonce that replaces `__NONCE__` in the text.
response show_page(std::string_view text);

} // namespace meisim::http

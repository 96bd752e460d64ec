#include "http/edge/static_file.hpp"

#include "http/edge/etag.hpp"

#include <array>
#include <utility>

namespace meisim::http {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> content_types{{
  {".css", "text/css; charset=utf-8"},
  {".js", "text/javascript; charset=utf-8"},
  {".json", "application/json"},
  {".md", "text/markdown; charset=utf-8"},
  {".svg", "image/svg+xml"},
  {".woff2", "font/woff2"},
}};

std::string_view content_type_of(std::string_view name) {
  for (const auto& [ending, type] : content_types)
    if (name.ends_with(ending))
      return type;
  return "text/html; charset=utf-8";
}

} // namespace

static_file make_static_file(std::string_view name, std::string_view text) {
  return {content_type_of(name), text, etag_of(text)};
}

response show_file(const exchange_pointer& x, const static_file& what, std::string_view caching) {
  return tagged(x, what.content_type, what.text, what.etag, caching);
}

} // namespace meisim::http

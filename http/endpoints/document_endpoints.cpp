#include "http/edge/answering.hpp"
#include "http/edge/api_document.hpp"
#include "http/edge/embedded_files.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/crypto.hpp"

#include <array>
#include <map>

namespace meisim::http {

namespace {

/// A file with what a browser needs to know whether its copy is still good.
struct document {
  std::string_view content_type;
  std::string_view text;
  std::string etag;
};

document make_document(std::string_view content_type, std::string_view text) {
  constexpr size_t tag_length = 32;
  return {content_type, text, '"' + to_hex(sha256(text)).substr(0, tag_length) + '"'};
}

std::string_view content_type_of(std::string_view name) {
  if (name.ends_with(".css"))
    return "text/css; charset=utf-8";
  if (name.ends_with(".js"))
    return "text/javascript; charset=utf-8";
  return "text/html; charset=utf-8";
}

const document* find_docs_file(std::string_view name) {
  static const auto files = [] {
    std::map<std::string_view, document> known;
    for (const auto& file : docs_files())
      known.emplace(file.name, make_document(content_type_of(file.name), file.text));
    return known;
  }();
  auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

/// Whether one of the caller's tags is this one (RFC 9110 §13.1.2: weak tags count).
bool is_known_to_caller(std::string_view if_none_match, const std::string& etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

response show_document(const exchange_pointer& x, const document& what) {
  response result;
  result.content_type = what.content_type;
  result.headers.emplace_back("ETag", what.etag);
  result.headers.emplace_back("Cache-Control", "no-cache");
  result.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (is_known_to_caller(x->incoming.header("if-none-match"), what.etag))
    result.status = 304;
  else
    result.body = what.text;
  return result;
}

/// The page takes nothing from elsewhere, runs no script but its own, and stands in nobody's frame.
response show_in_browser(const exchange_pointer& x, const document& what) {
  auto result = show_document(x, what);
  result.headers.emplace_back("Content-Security-Policy",
                              "default-src 'none'; connect-src 'self'; script-src 'self'; "
                              "style-src 'self'; img-src data:; base-uri 'none'; "
                              "form-action 'none'; frame-ancestors 'none'");
  result.headers.emplace_back("Referrer-Policy", "no-referrer");
  return result;
}

void get_api_document(const exchange_pointer& x) {
  static const auto json = make_document("application/json", api_document());
  answer(x, show_document(x, json));
}

void get_docs(const exchange_pointer& x) {
  answer(x, show_in_browser(x, *find_docs_file("docs.html")));
}

void get_docs_file(const exchange_pointer& x) {
  const auto* file = find_docs_file(x->captures.front());
  if (file == nullptr)
    return fail(x, make_error(ec::not_found, "there is no such file"));
  answer(x, show_in_browser(x, *file));
}

} // namespace

route_table document_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/openapi.json", open, none, get_api_document},
    route{get, "/docs", open, none, get_docs},
    route{get, "/docs/:file", open, none, get_docs_file},
  };
  return table;
}

} // namespace meisim::http

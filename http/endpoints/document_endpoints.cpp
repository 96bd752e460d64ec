#include "http/edge/answering.hpp"
#include "http/edge/api_document.hpp"
#include "http/edge/page_file.hpp"
#include "http/endpoints/documents.hpp"
#include "http/endpoints/routes.hpp"

#include <array>

namespace meisim::http {

namespace {

constexpr std::string_view always_ask = "no-cache";

/// The page is the first of its files.
const embedded_file& docs_page() {
  return docs_files().front();
}

const page_file* find_docs_file(std::string_view name) {
  static const auto files = [] {
    page_files known;
    add_page_files(known, docs_files().subspan(1));
    add_page_files(known, viewer_files());
    return known;
  }();
  auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

} // namespace

void get_admin_document(const exchange_pointer& x) {
  static const auto json = make_static_file("openapi.json", admin_api_document());
  answer(x, show_file(x, json, always_ask));
}

namespace {

void get_api_document(const exchange_pointer& x) {
  static const auto json = make_static_file("openapi.json", api_document());
  answer(x, show_file(x, json, always_ask));
}

void get_docs(const exchange_pointer& x) {
  answer(x, show_page(docs_page().text));
}

void get_docs_file(const exchange_pointer& x) {
  const auto* file = find_docs_file(x->captures.front());
  if (file == nullptr)
    return fail(x, make_error(ec::not_found, "there is no such file"));
  answer(x, show_page_file(x, *file, always_ask));
}

} // namespace

route_table document_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  constexpr route_extras page{.is_page = true};
  static constexpr std::array table{
    route{get, "/openapi.json", open, none, get_api_document, page},
    route{get, "/docs", open, none, get_docs, page},
    route{get, "/docs/:file", open, none, get_docs_file, page},
  };
  return table;
}

} // namespace meisim::http

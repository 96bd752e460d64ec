#include "http/edge/answering.hpp"
#include "http/edge/page_file.hpp"
#include "http/endpoints/routes.hpp"

#include <array>

namespace meisim::http {

namespace {

const page_file* find_page_file(std::string_view name) {
  static const auto files = [] {
    page_files known;
    add_page_files(known, portal_files());
    return known;
  }();
  auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

// A file's name has the hash of its content.
constexpr std::string_view keep_for_ever = "public, max-age=31536000, immutable";

void get_page(const exchange_pointer& x) {
  // What has a dot is a file, and there is none of this name.
  bool is_file = !x->captures.empty() && x->captures.back().find('.') != std::string::npos;
  const auto* page = is_file ? nullptr : find_page_file("dealer.html");
  if (page == nullptr)
    return fail(x, make_error(ec::not_found, "there is no such page"));
  answer(x, show_page(page->plain.text));
}

void get_page_file(const exchange_pointer& x) {
  const auto* file = find_page_file("assets/" + x->captures.front());
  if (file == nullptr)
    return fail(x, make_error(ec::not_found, "there is no such file"));
  answer(x, show_page_file(x, *file, keep_for_ever));
}

} // namespace

route_table page_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  constexpr route_extras page{.is_page = true};
  static constexpr std::array table{
    route{get, "/portal", open, none, get_page, page},
    route{get, "/portal/:page", open, none, get_page, page},
    route{get, "/portal/assets/:file", open, none, get_page_file, page},
    route{get, "/portal/:page/:item", open, none, get_page, page},
  };
  return table;
}

} // namespace meisim::http

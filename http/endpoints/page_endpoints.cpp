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

/// Whether the path ends like a file's that does not exist. Mail addresses have dots too.
bool names_file(const std::vector<std::string>& captures) {
  return !captures.empty() && captures.back().find('.') != std::string::npos
         && captures.back().find('@') == std::string::npos;
}

/// Answers with the page, whose script goes by its path.
void show_entry(const exchange_pointer& x, std::string_view name) {
  const auto* page = names_file(x->captures) ? nullptr : find_page_file(name);
  if (page == nullptr)
    return fail(x, make_error(ec::not_found, "there is no such page"));
  answer(x, show_page(page->plain.text));
}

/// Leads a person who typed only the host to its pages, if there are any.
void show_way(const exchange_pointer& x, std::string_view page, const char* path) {
  if (find_page_file(page) == nullptr)
    return fail(x, make_error(ec::not_found, "there is no such page"));
  response result;
  result.status = 302;
  result.headers.emplace_back("Location", path);
  answer(x, std::move(result));
}

// A file's name has the hash of its content.
constexpr std::string_view keep_for_ever = "public, max-age=31536000, immutable";

void show_part(const exchange_pointer& x, const std::string& folder) {
  const auto* file = find_page_file(folder + x->captures.front());
  if (file == nullptr)
    return fail(x, make_error(ec::not_found, "there is no such file"));
  answer(x, show_page_file(x, *file, keep_for_ever));
}

// Neither port serves the other's files.

constexpr std::string_view portal_page = "dealer/dealer.html";
constexpr std::string_view console_page = "operator/operator.html";

void get_way_to_portal(const exchange_pointer& x) {
  show_way(x, portal_page, "/portal");
}

void get_portal(const exchange_pointer& x) {
  show_entry(x, portal_page);
}

void get_portal_file(const exchange_pointer& x) {
  show_part(x, "dealer/assets/");
}

void get_way_to_console(const exchange_pointer& x) {
  show_way(x, console_page, "/console");
}

void get_console(const exchange_pointer& x) {
  show_entry(x, console_page);
}

void get_console_file(const exchange_pointer& x) {
  show_part(x, "operator/assets/");
}

constexpr route_extras page{.is_page = true};

} // namespace

route_table page_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/", open, none, get_way_to_portal, page},
    route{get, "/portal", open, none, get_portal, page},
    route{get, "/portal/:page", open, none, get_portal, page},
    route{get, "/portal/assets/:file", open, none, get_portal_file, page},
    route{get, "/portal/:page/:item", open, none, get_portal, page},
  };
  return table;
}

route_table console_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/", open, none, get_way_to_console, page},
    route{get, "/console", open, none, get_console, page},
    route{get, "/console/:page", open, none, get_console, page},
    route{get, "/console/assets/:file", open, none, get_console_file, page},
    route{get, "/console/:page/:item", open, none, get_console, page},
  };
  return table;
}

} // namespace meisim::http

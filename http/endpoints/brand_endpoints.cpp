#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/notify/brand.hpp"

#include <algorithm>
#include <array>

namespace meisim::http {

// How a dealer shows itself in the mails to its customers.

namespace {

constexpr size_t brand_body = size_t{256} * 1024;
constexpr size_t most_logo_text = most_logo_bytes * 4 / 3 + 4;

void write_brand(json_writer& out, const std::optional<brand>& what) {
  out.member("ok", true);
  auto text = [&](auto part) {
    return what ? or_null((*what).*part) : std::optional<std::string_view>{};
  };
  out.member("name", text(&brand::name))
    .member("colour", text(&brand::colour))
    .member("replyTo", text(&brand::reply_to))
    .member("hasLogo", what && !what->logo.empty());
}

bool is_colour(std::string_view text) {
  return text.size() == 7 && text[0] == '#'
         && std::ranges::all_of(text.substr(1), [](char c) { return hex_value(c) >= 0; });
}

std::string read_logo_field(fields& in) {
  auto text = in.optional_text("logoPng", 1, most_logo_text);
  if (text.empty())
    return {};
  auto bytes = from_base64(text);
  if (!bytes) {
    in.reject("logoPng", "must be base64");
    return {};
  }
  auto logo = read_logo(*bytes);
  if (!logo)
    in.adopt(logo.error());
  return logo ? *logo : std::string{};
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

brand read_brand(fields& in) {
  brand what;
  what.name = in.required_text("name", 1, 60);
  if (!is_one_line(what.name))
    in.reject("name", "must be one line");
  what.colour = lowered(in.optional_text("colour", 7, 7));
  if (what.colour.empty())
    what.colour = "#1f4fd8";
  else if (!is_colour(what.colour))
    in.reject("colour", "must be like #1f4fd8");
  what.reply_to = in.optional_email("replyTo");
  what.logo = read_logo_field(in);
  return what;
}

void keep(const exchange_pointer& x, std::optional<brand> what) {
  auto shown = json_object(write_brand, what);
  ask<done>(
    x, x->node->accounts, [x, shown](done) { succeed(x, shown); },
    set_brand{x->dealer().id, std::move(what), stamp_of(x).as(audit_kind::brand_set)});
}

void post_brand(const exchange_pointer& x) {
  if (auto what = read_body(x, read_brand))
    keep(x, std::move(*what));
}

void delete_brand(const exchange_pointer& x) {
  keep(x, std::nullopt);
}

void get_brand(const exchange_pointer& x) {
  ask<brand_view>(
    x, x->node->records.next(),
    [x](const brand_view& found) { succeed(x, json_object(write_brand, found.what)); },
    find_brand{x->dealer().id});
}

} // namespace

route_table brand_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/dealer/brand", dealer, read, get_brand, open_to(scopes::read | scopes::manage)},
    route{post,
          "/dealer/brand",
          dealer,
          read,
          post_brand,
          {.body_limit = brand_body, .is_repeatable = true, .scopes = scopes::manage}},
    route{del, "/dealer/brand", dealer, read, delete_brand, open_to(scopes::manage)},
  };
  return table;
}

} // namespace meisim::http

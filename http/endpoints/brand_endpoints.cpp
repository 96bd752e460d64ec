#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/notify/brand.hpp"

#include <array>

namespace meisim::http {

// How a dealer shows itself in the mails to its customers.

namespace {

constexpr size_t brand_body = size_t{256} * 1024;
/// Four characters stand for three bytes; the rest is for the ends of lines.
constexpr size_t most_logo_text = most_logo_bytes * 3 / 2;

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

/// Our own logo, if the dealer has none.
std::string read_colour_field(fields& in) {
  constexpr size_t longest = 32;
  auto text = in.optional_text("colour", 1, longest);
  auto colour = read_colour(text.empty() ? "#1f4fd8" : text);
  if (!colour)
    in.reject("colour", "must be like #1f4fd8");
  return colour.value_or("");
}

std::string read_logo_field(fields& in) {
  auto text = in.optional_raw_text("logoPng", 0, most_logo_text);
  if (text.empty())
    return {};
  auto bytes = read_base64(text);
  if (!bytes) {
    in.reject("logoPng", "must be base64");
    return {};
  }
  auto logo = read_logo(*bytes);
  if (!logo)
    in.adopt(logo.error());
  return logo ? *logo : std::string{};
}

brand read_brand(fields& in) {
  brand what;
  what.name = in.required_text("name", 1, 60);
  what.colour = read_colour_field(in);
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
    route{
      post,
      "/dealer/brand",
      dealer,
      read,
      post_brand,
      {.body_limit = brand_body, .is_long = true, .is_repeatable = true, .scopes = scopes::manage}},
    route{del, "/dealer/brand", dealer, read, delete_brand, open_to(scopes::manage)},
  };
  return table;
}

} // namespace meisim::http

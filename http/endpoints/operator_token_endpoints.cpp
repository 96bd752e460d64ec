#include "http/edge/read_body.hpp"
#include "http/endpoints/desk.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/operators/operators.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace meisim::http {

// The tokens that scripts show in place of an operator's session, and `automation`, which is the
// admin token.

namespace {

bool is_token_name(std::string_view text) {
  constexpr std::string_view inside = "abcdefghijklmnopqrstuvwxyz0123456789-._";
  return !text.empty() && text.find_first_not_of(inside) == std::string_view::npos;
}

std::string read_token_name(fields& in) {
  auto name = in.required_text("name", 1, 64);
  if (!is_token_name(name))
    in.reject("name", "must be of small letters, digits, -, . and _");
  else if (name == automation_name)
    in.reject("name", "must be another one: automation is what the admin token is");
  return name;
}

std::string read_token_role(fields& in) {
  auto role = in.required_text("role");
  if (!parse_operator_role(role))
    in.reject("role", "must be viewer, support, finance or admin");
  return role;
}

/// In microseconds since 1970.
std::string read_token_end(fields& in) {
  auto time = parse_time(in.required_text("expiresAt"));
  if (!time)
    in.reject("expiresAt", "must be a time like 2027-05-05T12:34:56Z");
  else if (*time <= now())
    in.reject("expiresAt", "must lie ahead");
  return std::to_string(micros(time.value_or(instant{})));
}

/// The token is shown only this once.
void show_token(const exchange_pointer& x, const std::string& json, const std::string& token) {
  auto members = std::string_view{json}.substr(1, json.size() - 2);
  succeed_as_written(
    x, json_object([&](json_writer& out) { out.members({members}).member("token", token); }));
}

void admin_add_token(const exchange_pointer& x) {
  auto token = make_operator_token();
  auto values = read_body(x, [&](fields& in) {
    return named_values{{"name", read_token_name(in)},
                        {"role", read_token_role(in)},
                        {"expires", read_token_end(in)},
                        {"author", x->caller.name},
                        {"hash", to_hex(sha256(token))}};
  });
  if (values)
    ask<desk_answer>(
      x, x->node->operators,
      [x, token](const desk_answer& made) { show_token(x, made.json, token); },
      desk_change{desk_action::add_token, std::move(*values), stamp_of(x)});
}

void admin_disable_token(const exchange_pointer& x) {
  change_at_desk(x, desk_action::disable_token, {{"token", x->captures.front()}});
}

void admin_enable_token(const exchange_pointer& x) {
  change_at_desk(x, desk_action::enable_token, {{"token", x->captures.front()}});
}

} // namespace

route_table operator_token_routes() {
  using enum method;
  using enum access;
  constexpr auto none = limit_class::none;
  constexpr auto tokens = "GET /admin/v1/tokens tells";
  static constexpr std::array table{
    route{get, "/admin/v1/tokens", admin, none, list_at_desk<desk_list::tokens>},
    route{post,
          "/admin/v1/tokens",
          admin,
          none,
          admin_add_token,
          {.audit = audit_kind::operator_token_made, .told_by = tokens}},
    route{post,
          "/admin/v1/tokens/:token/disable",
          admin,
          none,
          admin_disable_token,
          {.audit = audit_kind::operator_token_closed, .told_by = tokens}},
    route{post,
          "/admin/v1/tokens/:token/enable",
          admin,
          none,
          admin_enable_token,
          {.audit = audit_kind::operator_token_opened, .told_by = tokens}},
  };
  return table;
}

} // namespace meisim::http

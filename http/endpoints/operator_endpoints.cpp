#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/page_session.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/desk.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace meisim::http {

// The accounts of the people who run the service.

namespace {

void refuse_hasty(const exchange_pointer& x, int32_t seconds) {
  x->admitted.rate.reset_seconds = static_cast<uint32_t>(seconds);
  fail(x, make_error(ec::rate_limited,
                     fmt::format("too many tries under this address: the next is looked at in {} s",
                                 seconds)));
}

struct sign_in_wish {
  operator_login account;
  /// Whether the token is to be out of reach of scripts.
  bool in_cookie = false;
};

void show_session(const exchange_pointer& x, const operator_session& session, bool in_cookie) {
  response result;
  if (in_cookie)
    result.headers.emplace_back(
      "Set-Cookie",
      session_cookie(operators_cookie, x->incoming, {session.token, session.expires_at}, now()));
  result.body = json_object([&](json_writer& out) {
    out.member("token", or_null(in_cookie ? std::string{} : session.token))
      .member("expiresAt", session.expires_at)
      .member("role", to_string(session.role));
  });
  answer(x, std::move(result));
}

void admin_sign_in(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return sign_in_wish{{in.required_account("email"),
                         in.required_raw_text("password", 1, longest_password),
                         in.optional_one_time_code("code"), stamp_of(x)},
                        in.flag("cookie", false)};
  });
  if (!wish)
    return;
  ask<operator_session>(
    x, x->node->operators,
    [x, in_cookie = wish->in_cookie](const operator_session& session) {
      if (session.token.empty())
        return refuse_hasty(x, session.retry_after_seconds);
      show_session(x, session, in_cookie);
    },
    std::move(wish->account));
}

std::optional<ended_sessions> sessions_to_end(const exchange_pointer& x) {
  auto which = x->incoming.parameter("sessions").value_or("own");
  if (which == "own")
    return ended_sessions::own;
  if (which == "others")
    return ended_sessions::others;
  if (which == "all")
    return ended_sessions::all;
  fail(x, make_error(cause::invalid_field, "sessions must be own, others or all", "sessions"));
  return std::nullopt;
}

void admin_sign_out(const exchange_pointer& x) {
  if (x->caller.session.empty())
    return fail(x, make_error(ec::conflict, "a token that is no session does not end by signing "
                                            "out: disable it, or put another one in its place"));
  auto which = sessions_to_end(x);
  if (!which)
    return;
  ask<done>(
    x, x->node->operators,
    [x, which = *which](done) {
      if (which == ended_sessions::others)
        succeed(x);
      else
        take_cookie_back(x, operators_cookie);
    },
    end_operator_session{x->caller.name, x->caller.session, *which, stamp_of(x)});
}

void admin_show_session(const exchange_pointer& x) {
  succeed(x, json_object([&](json_writer& out) {
            out.member("name", x->caller.name)
              .member("role", to_string(x->caller.role))
              .member("totp", x->caller.has_second_factor)
              .member("askAboveUsd", x->node->ask_above);
          }));
}

void admin_change_password(const exchange_pointer& x) {
  if (x->caller.session.empty())
    return fail(x, make_error(ec::conflict, "a token that is no session has no password"));
  auto wish = read_body(x, [&](fields& in) {
    bool needs_code = x->caller.has_second_factor;
    return change_own_password{x->caller.name,
                               x->caller.session,
                               in.required_new_password("password"),
                               in.required_raw_text("currentPassword", 1, longest_password),
                               needs_code ? in.required_one_time_code("code")
                                          : in.optional_one_time_code("code"),
                               stamp_of(x)};
  });
  if (!wish)
    return;
  ask<own_password_changed>(
    x, x->node->operators,
    [x](const own_password_changed& changed) {
      if (changed.retry_after_seconds > 0)
        return refuse_hasty(x, changed.retry_after_seconds);
      succeed(x);
    },
    std::move(*wish));
}

operator_role role_in(fields& in) {
  auto role = parse_operator_role(in.required_text("role"));
  if (!role)
    in.reject("role", "must be viewer, support, finance or admin");
  return role.value_or(operator_role::viewer);
}

void admin_add_operator(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return add_operator{in.required_account("email"), role_in(in),
                        in.required_new_password("password"), stamp_of(x)};
  });
  if (wish)
    ask<desk_answer>(x, x->node->operators, show_answer(x), std::move(*wish));
}

void admin_set_operator_role(const exchange_pointer& x) {
  auto role = read_body(x, role_in);
  if (role)
    change_at_desk(x, desk_action::set_operator_role,
                   {{"operator", x->captures.front()}, {"role", std::string{to_string(*role)}}});
}

void admin_disable_operator(const exchange_pointer& x) {
  change_at_desk(x, desk_action::disable_operator, {{"operator", x->captures.front()}});
}

void admin_set_operator_password(const exchange_pointer& x) {
  auto password = read_body(x, [](fields& in) { return in.required_new_password("password"); });
  if (password)
    ask<done>(
      x, x->node->operators, [x](done) { succeed(x); },
      set_operator_password{lowered(x->captures.front()), std::move(*password), stamp_of(x)});
}

void admin_set_operator_totp(const exchange_pointer& x) {
  auto is_on = read_body(x, [](fields& in) { return in.flag("on", true); });
  if (!is_on)
    return;
  auto email = lowered(x->captures.front());
  ask<operator_totp>(
    x, x->node->operators,
    [x, email](const operator_totp& set) {
      auto url = fmt::format("otpauth://totp/MeiSIM:{}?secret={}&issuer=MeiSIM", url_escaped(email),
                             set.secret);
      succeed(x, json_object([&](json_writer& out) {
                out.member("secret", or_null(set.secret))
                  .member("otpauthUrl", or_null(set.secret.empty() ? std::string{} : url));
              }));
    },
    set_operator_totp{email, *is_on, stamp_of(x)});
}

} // namespace

route_table operator_routes() {
  using enum method;
  using enum access;
  constexpr auto none = limit_class::none;
  constexpr auto accounts = "GET /admin/v1/operators tells";
  static constexpr std::array table{
    route{post, "/admin/v1/session", open, limit_class::login, admin_sign_in, repeatable},
    route{get, "/admin/v1/session", viewer, none, admin_show_session},
    route{del, "/admin/v1/session", viewer, none, admin_sign_out, {.parameters = "sessions"}},
    route{post,
          "/admin/v1/session/password",
          viewer,
          limit_class::password,
          admin_change_password,
          {.audit = audit_kind::own_password_set, .told_by = "signing in with the new one tells"}},
    route{get, "/admin/v1/operators", admin, none, list_at_desk<desk_list::operators>},
    route{post,
          "/admin/v1/operators",
          admin,
          none,
          admin_add_operator,
          {.audit = audit_kind::operator_added, .told_by = accounts}},
    route{post,
          "/admin/v1/operators/:operator/role",
          admin,
          none,
          admin_set_operator_role,
          {.is_repeatable = true, .audit = audit_kind::operator_role_set}},
    route{post,
          "/admin/v1/operators/:operator/disable",
          admin,
          none,
          admin_disable_operator,
          {.audit = audit_kind::operator_closed, .told_by = accounts}},
    route{post,
          "/admin/v1/operators/:operator/password",
          admin,
          none,
          admin_set_operator_password,
          {.is_repeatable = true, .audit = audit_kind::operator_password_set}},
    route{post,
          "/admin/v1/operators/:operator/totp",
          admin,
          none,
          admin_set_operator_totp,
          {.is_repeatable = true, .audit = audit_kind::operator_codes_set}},
  };
  return table;
}

} // namespace meisim::http

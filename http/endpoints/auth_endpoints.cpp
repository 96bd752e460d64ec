#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/accounts.hpp"

#include <array>

namespace meisim::http {

namespace {

/// RFC 3339 with milliseconds, as the documented login shows it.
std::string expiry(instant time) {
  auto text = rfc3339(time);
  text.insert(text.size() - 1, ".000");
  return text;
}

void post_send_otp(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return send_code{in.required_account("email"), stamp_of(x)};
  });
  if (!wish)
    return;
  ask<done>(
    x, x->node->accounts,
    [x](done) { succeed(x, json_object([](json_writer& out) { out.member("sent", true); })); },
    std::move(*wish));
}

try_code read_code(fields& in) {
  return {in.required_account("email"), in.required_one_time_code("code")};
}

void post_verify_otp(const exchange_pointer& x) {
  auto wish = read_body(x, read_code);
  if (!wish)
    return;
  wish->by = stamp_of(x);
  ask<issued_key>(
    x, x->node->accounts,
    [x](const issued_key& issued) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("verified", true).member("apiKey", issued.key);
              }));
    },
    std::move(*wish));
}

void post_set_password(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    set_password result;
    result.dealer = x->dealer().id;
    result.by = stamp_of(x);
    result.email = in.required_account("email");
    result.password = in.required_new_password("password");
    result.key_hash = x->shown.key_hash;
    result.current_password = in.optional_raw_text("currentPassword", 1, longest_password);
    result.code = in.optional_one_time_code("code");
    return result;
  });
  if (!wish)
    return;
  ask<done>(
    x, x->node->accounts, [x](done) { succeed(x); }, std::move(*wish));
}

// -- tokens ---------------------------------------------------------------------------------------

void write_login(json_writer& out, const dealer_snapshot& dealer, const issued_token& token) {
  out.member("ok", true)
    .member("token", token.text)
    .member("expiresAt", expiry(token.expires_at))
    .object("dealer", [&] {
      out.member("id", dealer.id).member("email", dealer.email).member("company", dealer.company);
    });
}

void log_in(const exchange_pointer& x, audience to) {
  auto wish = read_body(x, [&](fields& in) {
    login result;
    result.by = stamp_of(x);
    result.email = in.required_account("email");
    result.password = in.required_raw_text("password", 1, longest_password);
    result.portal = to == audience::portal;
    result.code = in.optional_factor_code("code");
    return result;
  });
  if (!wish)
    return;
  ask<session>(
    x, x->node->accounts,
    [x, to](const session& opened) {
      auto token = x->node->tokens.issue(opened, to, now());
      succeed(x, json_object(write_login, opened.dealer, token));
    },
    std::move(*wish));
}

void post_dealer_login(const exchange_pointer& x) {
  log_in(x, audience::dealer);
}

void post_portal_login(const exchange_pointer& x) {
  log_in(x, audience::portal);
}

} // namespace

route_table auth_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/send-otp", open, otp_send, post_send_otp, repeatable},
    route{post, "/dealer/verify-otp", open, otp_verify, post_verify_otp, repeatable},
    route{post, "/dealer/auth/set-password", any_dealer, password, post_set_password,
          repeatable_for(scopes::manage)},
    route{post, "/dealer/auth/login", open, login, post_dealer_login, repeatable},
    route{post, "/dealer/login", open, login, post_dealer_login, repeatable},
    route{post, "/api/portal/v1/auth/login", open, login, post_portal_login, repeatable},
  };
  return table;
}

} // namespace meisim::http

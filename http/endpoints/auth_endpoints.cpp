#include "http/edge/asking.hpp"
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
  auto wish = read_body(x, [](fields& in) { return send_code{in.required_email("email")}; });
  if (!wish)
    return;
  ask<done>(
    x, x->node->accounts,
    [x](done) { succeed(x, json_object([](json_writer& out) { out.member("sent", true); })); },
    std::move(*wish));
}

try_code read_code(fields& in) {
  try_code wish{in.required_email("email"), in.required_text("code", 6, 6)};
  if (wish.code.find_first_not_of("0123456789") != std::string::npos)
    in.reject("code", "must be 6 digits");
  return wish;
}

void post_verify_otp(const exchange_pointer& x) {
  auto wish = read_body(x, read_code);
  if (!wish)
    return;
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
    result.email = in.required_email("email");
    result.password = in.required_new_password("password");
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
  auto wish = read_body(x, [to](fields& in) {
    login result;
    result.email = in.required_email("email");
    result.password = in.required_text("password", 1, longest_password);
    result.portal = to == audience::portal;
    return result;
  });
  if (!wish)
    return;
  ask<session>(
    x, x->node->accounts,
    [x, to](const session& opened) {
      auto token = x->node->tokens.issue(opened.dealer.id, opened.token_epoch, to, now());
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

// -- API keys -------------------------------------------------------------------------------------

void write_key(json_writer& out, const api_key& key) {
  out.member("prefix", key.prefix)
    .member("created_at", key.created_at)
    .member("last_used_at", key.last_used_at);
}

void get_keys(const exchange_pointer& x) {
  ask<key_list>(
    x, x->node->accounts,
    [x](const key_list& list) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("ok", true).objects("keys", list.keys, write_key);
              }));
    },
    list_keys{x->dealer().id});
}

void delete_key(const exchange_pointer& x) {
  ask<done>(
    x, x->node->accounts, [x](done) { succeed(x); },
    revoke_key{x->dealer().id, x->captures.front()});
}

} // namespace

route_table auth_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/send-otp", open, otp_send, post_send_otp, repeatable},
    route{post, "/dealer/verify-otp", open, otp_verify, post_verify_otp, repeatable},
    route{post, "/dealer/auth/set-password", any_dealer, none, post_set_password, repeatable},
    route{post, "/dealer/auth/login", open, login, post_dealer_login, repeatable},
    route{post, "/dealer/login", open, login, post_dealer_login, repeatable},
    route{post, "/api/portal/v1/auth/login", open, login, post_portal_login, repeatable},
    route{get, "/dealer/keys", dealer, read, get_keys},
    route{del, "/dealer/keys/:prefix", dealer, read, delete_key},
  };
  return table;
}

} // namespace meisim::http

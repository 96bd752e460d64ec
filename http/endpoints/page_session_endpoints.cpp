#include "http/edge/auditing.hpp"
#include "http/edge/page_session.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/sessions.hpp"

#include <array>
#include <utility>

namespace meisim::http {

namespace {

/// Together with a password, the code is that of the second factor. Alone, it is the one that was
/// mailed.
login read_sign_in(fields& in) {
  login wish;
  wish.email = in.required_account("email");
  wish.password = in.optional_raw_text("password", 1, longest_password);
  if (in.has("password")) {
    wish.code = in.optional_factor_code("code");
    return wish;
  }
  wish.one_time_code = in.optional_one_time_code("code");
  if (!in.has("code"))
    in.reject("password", "is required, or else code", cause::missing_field);
  return wish;
}

std::string page_session_json(const exchange_pointer& x, const dealer_snapshot& dealer) {
  return json_object([&](json_writer& out) {
    out.member("ok", true)
      .member("viewer", or_null(x->viewer))
      .member("sandbox", x->node->is_sandbox);
    out.object("dealer", [&] {
      out.member("id", dealer.id)
        .member("email", dealer.email)
        .member("company", dealer.company)
        .member("status", to_string(dealer.status))
        .member("portal", dealer.portal);
    });
  });
}

void post_page_session(const exchange_pointer& x) {
  auto wish = read_body(x, read_sign_in);
  if (!wish)
    return;
  wish->by = stamp_of(x);
  ask<session>(
    x, x->node->accounts,
    [x](const session& opened) {
      auto time = now();
      auto token = x->node->tokens.issue(opened, audience::page, time);
      response result;
      result.headers.emplace_back("Set-Cookie",
                                  session_cookie(dealers_cookie, x->incoming, token, time));
      result.body = page_session_json(x, opened.dealer);
      answer(x, std::move(result));
    },
    std::move(*wish));
}

void get_page_session(const exchange_pointer& x) {
  succeed(x, page_session_json(x, x->dealer()));
}

void delete_page_session(const exchange_pointer& x) {
  // A key has no session to end, and an operator's view exists only in the cookie.
  if (!x->shown.session || !x->viewer.empty())
    return take_cookie_back(x, dealers_cookie);
  ask<done>(
    x, x->node->accounts, [x](done) { take_cookie_back(x, dealers_cookie); },
    end_session{x->dealer().id, x->shown.session, stamp_of(x)});
}

} // namespace

route_table page_session_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/session", open, login, post_page_session, repeatable},
    route{get, "/dealer/session", any_dealer, none, get_page_session, open_to(scope_set::all())},
    route{del,
          "/dealer/session",
          any_dealer,
          none,
          delete_page_session,
          {.is_for_viewers = true, .scopes = scope_set::all()}},
  };
  return table;
}

} // namespace meisim::http

#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/path_id.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/second_factor.hpp"
#include "protocols/access/sessions.hpp"

#include <array>

namespace meisim::http {

// Sessions, and the second factor that opens them.

namespace {

void get_sessions(const exchange_pointer& x) {
  ask<session_list>(
    x, x->node->accounts,
    [x](const session_list& list) {
      auto write = [&](json_writer& out, const session_view& one) {
        out.member("id", one.id)
          .member("audience", one.audience)
          .member("address", or_null(one.address))
          .member("created_at", one.created_at)
          .member("expires_at", one.expires_at)
          .member("current", one.id == x->shown.session);
      };
      succeed(x, json_object([&](json_writer& out) {
                out.member("ok", true)
                  .member("secondFactor", list.has_second_factor)
                  .objects("sessions", list.sessions, write);
              }));
    },
    list_sessions{x->dealer().id});
}

void end_one(const exchange_pointer& x, session_id id) {
  ask<done>(
    x, x->node->accounts, [x](done) { succeed(x); }, end_session{x->dealer().id, id, stamp_of(x)});
}

void delete_session(const exchange_pointer& x) {
  if (auto id = id_in_path<session_id>(x, "session that is open"))
    end_one(x, *id);
}

void post_sign_out(const exchange_pointer& x) {
  if (x->shown.session)
    end_one(x, x->shown.session);
  else
    fail(x, make_error(ec::conflict, "an API key has no session: DELETE /dealer/keys/:prefix "
                                     "revokes it"));
}

// -- the second factor ----------------------------------------------------------------------------

void post_second_factor(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return begin_second_factor{
      x->dealer().id, in.required_raw_text("currentPassword", 1, longest_password), stamp_of(x)};
  });
  if (wish)
    ask<second_factor_secret>(
      x, x->node->accounts,
      [x](const second_factor_secret& made) {
        succeed(x, json_object([&](json_writer& out) {
                  out.member("ok", true).member("secret", made.secret).member("url", made.url);
                }));
      },
      std::move(*wish));
}

void post_confirmation(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return confirm_second_factor{x->dealer().id, in.required_one_time_code("code"), stamp_of(x)};
  });
  if (wish)
    ask<recovery_codes>(
      x, x->node->accounts,
      [x](const recovery_codes& made) {
        succeed(x, json_object([&](json_writer& out) {
                  out.member("ok", true).array("recoveryCodes", made.codes);
                }));
      },
      std::move(*wish));
}

void post_removal(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return end_second_factor{x->dealer().id, in.required_factor_code("code"), stamp_of(x)};
  });
  if (wish)
    ask<done>(
      x, x->node->accounts, [x](done) { succeed(x); }, std::move(*wish));
}

} // namespace

route_table session_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  constexpr auto manage = repeatable_for(scopes::manage);
  constexpr route_extras confirmation{.scopes = scopes::manage,
                                      .told_by = "POST /dealer/login asks for a code, then"};
  static constexpr std::array table{
    route{get, "/dealer/sessions", dealer, read, get_sessions,
          open_to(scopes::read | scopes::manage)},
    route{del, "/dealer/sessions/:id", dealer, read, delete_session, open_to(scopes::manage)},
    route{post, "/dealer/auth/logout", any_dealer, read, post_sign_out, manage},
    route{post, "/api/portal/v1/auth/logout", portal, none, post_sign_out, manage},
    route{post, "/dealer/auth/second-factor", dealer, password, post_second_factor, manage},
    route{post, "/dealer/auth/second-factor/confirm", dealer, password, post_confirmation,
          confirmation},
    route{post, "/dealer/auth/second-factor/remove", dealer, password, post_removal, manage},
  };
  return table;
}

} // namespace meisim::http

#include "http/edge/auditing.hpp"
#include "http/edge/page_session.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"

#include <array>
#include <string>
#include <utility>

namespace meisim::http {

// An operator views a dealer's pages as the dealer sees them. The operators' port gives a pass,
// which the dealers' pages exchange for a session that can only read.

namespace {

session view_of(const dealer_record& account) {
  session result;
  result.id = session_id::make();
  result.dealer = account.snapshot;
  result.token_epoch = account.token_epoch;
  return result;
}

/// The pass stands behind the `#`, which browsers send to nobody.
std::string pass_json(const exchange_pointer& x, const session& of) {
  auto pass = x->node->tokens.issue(of, audience::view_pass, now(), x->caller.name);
  return json_object([&](json_writer& out) {
    out.member("ok", true)
      .member("url", x->node->public_url + "/portal/view#" + pass.text)
      .member("expiresAt", pass.expires_at);
  });
}

void give_pass(const exchange_pointer& x, const dealer_record& account, const std::string& reason) {
  audit_event told{stamp_of(x), account.snapshot.email, account.snapshot.id};
  told.after = json_object([&](json_writer& out) { out.member("reason", reason); });
  ask<done>(
    x, x->node->accounts, [x, of = view_of(account)](done) { succeed(x, pass_json(x, of)); },
    std::move(told));
}

void admin_view_dealer(const exchange_pointer& x) {
  auto reason = read_body(x, [](fields& in) { return in.required_text("reason", 1, 500); });
  if (!reason)
    return;
  if (x->node->public_url.empty())
    return fail(x, make_error(ec::conflict, "this node does not know where the dealers' pages "
                                            "are: --public-url tells it"));
  ask<dealer_id>(
    x, x->node->records.next(),
    [x, reason = *reason](dealer_id dealer) {
      ask<dealer_record>(
        x, x->node->records.next(),
        [x, reason](const dealer_record& account) { give_pass(x, account, reason); },
        load_dealer{dealer});
    },
    find_dealer_id{x->captures.front()});
}

void post_view(const exchange_pointer& x) {
  auto pass = read_body(x, [](fields& in) { return in.required_raw_text("pass", 1, 4'096); });
  if (!pass)
    return;
  const auto& tokens = x->node->tokens;
  auto claims = tokens.read(*pass, audience::view_pass);
  if (!claims)
    return fail(x, claims.error());
  session of;
  of.id = claims->session;
  of.dealer.id = claims->dealer;
  of.token_epoch = claims->epoch;
  auto time = now();
  auto token = tokens.issue(of, audience::view, time, claims->viewer);
  response result;
  result.headers.emplace_back("Set-Cookie",
                              session_cookie(dealers_cookie, x->incoming, token, time));
  result.body = json_object([](json_writer& out) { out.member("ok", true); });
  answer(x, std::move(result));
}

} // namespace

route_table view_pass_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post,
          "/admin/v1/dealers/:email/view",
          support,
          none,
          admin_view_dealer,
          {.is_repeatable = true, .audit = audit_kind::dealer_viewed}},
  };
  return table;
}

route_table view_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/dealer/session/view", open, none, post_view, repeatable},
  };
  return table;
}

} // namespace meisim::http

#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/supply/prices.hpp"

#include <array>

namespace meisim::http {

namespace {

// -- dealers --------------------------------------------------------------------------------------

void write_overview(json_writer& out, const dealer_overview& x) {
  out.member("id", x.dealer.id)
    .member("email", x.dealer.email)
    .member("company", x.dealer.company)
    .member("status", to_string(x.dealer.status))
    .member("portal", x.dealer.portal)
    .member("markup_pct", x.dealer.markup_basis_points / 100.0)
    .member("resend_fee", x.dealer.resend_fee)
    .member("balance", x.balance)
    .member("keys", x.keys)
    .member("has_password", x.has_password)
    .member("credit_limit", x.credit.limit)
    .member("credit_used", x.credit.used)
    .member("suspended_because", or_null(x.suspended_because))
    .member("created_at", x.created_at);
}

/// Answers with the one dealer that a change was about.
auto show_one(const exchange_pointer& x) {
  return [x](const dealer_overviews& list) {
    succeed(x, json_object(write_overview, list.dealers.front()));
  };
}

/// Reads a status out of `text`. If it is none, `in` keeps the error.
dealer_status status_in(fields& in, const std::string& text) {
  auto status = parse_dealer_status(text);
  if (!status)
    in.reject("status", "must be pending, approved or suspended");
  return status.value_or(dealer_status::pending);
}

void admin_list_dealers(const exchange_pointer& x) {
  ask<dealer_overviews>(
    x, x->node->accounts,
    [x](const dealer_overviews& list) { succeed(x, json_objects(list.dealers, write_overview)); },
    list_dealers{});
}

void admin_show_dealer(const exchange_pointer& x) {
  ask<dealer_overviews>(x, x->node->accounts, show_one(x), list_dealers{x->captures.front()});
}

add_dealer read_new_dealer(fields& in) {
  add_dealer wish;
  wish.email = in.required_account("email");
  wish.company = in.required_text("company", 1, 200);
  wish.status = status_in(in, in.has("status") ? in.required_text("status") : "pending");
  wish.markup_basis_points =
    static_cast<int32_t>(in.whole_number("markup_basis_points", 0, 100'000, 0));
  wish.resend_fee = money::from_cents(in.whole_number("resend_fee_cents", 0, 1'000'000, 100));
  wish.portal = in.flag("portal", false);
  return wish;
}

void admin_add_dealer(const exchange_pointer& x) {
  auto wish = read_body(x, read_new_dealer);
  if (!wish)
    return;
  wish->by = stamp_of(x);
  ask<dealer_overviews>(x, x->node->accounts, show_one(x), std::move(*wish));
}

set_status read_status_wish(fields& in) {
  set_status wish;
  wish.status = status_in(in, in.required_text("status"));
  wish.reason = in.optional_text("reason", 1, 500);
  if (!wish.reason.empty() && wish.status != dealer_status::suspended)
    in.reject("reason", "is only for suspended");
  return wish;
}

void admin_set_status(const exchange_pointer& x) {
  auto wish = read_body(x, read_status_wish);
  if (!wish)
    return;
  wish->email = x->captures.front();
  wish->by = stamp_of(x);
  ask<dealer_overviews>(x, x->node->accounts, show_one(x), std::move(*wish));
}

void admin_issue_key(const exchange_pointer& x) {
  ask<issued_key>(
    x, x->node->accounts,
    [x](const issued_key& issued) {
      succeed(x, json_object([&](json_writer& out) { out.member("apiKey", issued.key); }));
    },
    issue_key{x->captures.front(), stamp_of(x)});
}

void admin_set_password(const exchange_pointer& x) {
  auto password = read_body(x, [](fields& in) { return in.required_new_password("password"); });
  if (password)
    ask<done>(
      x, x->node->accounts, [x](done) { succeed(x); },
      reset_password{x->captures.front(), std::move(*password), stamp_of(x)});
}

// -- customers ------------------------------------------------------------------------------------

void admin_erase_customer(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return erase_customer{in.required_account("email"), stamp_of(x)};
  });
  if (wish)
    ask<erased_customer>(
      x, x->node->accounts,
      [x](const erased_customer& erased) {
        succeed(x, json_object([&](json_writer& out) {
                  out.member("orders", erased.orders)
                    .member("mails", erased.mails)
                    .member("orders_under_way", erased.orders_under_way);
                }));
      },
      std::move(*wish));
}

// -- wallets --------------------------------------------------------------------------------------

/// An amount as text with its sign: `+5.00`, `-1`.
money signed_amount(fields& in, const char* name) {
  auto amount = money::parse(in.required_text(name, 1, 32));
  if (!amount || *amount == money{})
    in.reject(name, "must be an amount like +5.00 or -5.00, not zero");
  return amount.value_or(money{});
}

/// An adjustment of a wallet whose dealer is not known yet.
posting read_adjustment(fields& in, idempotency known_as) {
  posting what;
  what.id = posting_id::make();
  auto amount = signed_amount(in, "amount");
  auto reason = in.required_text("reason", 1, 200);
  what.audit.push_back({{}, {}, {}, {}, json_object([&](json_writer& out) {
                          out.member("amount", amount).member("reason", reason);
                        })});
  what.lines.push_back({entry_type::adjustment, amount, std::move(reason), {}});
  what.idempotency_key = std::move(known_as.key);
  what.request_hash = std::move(known_as.request_hash);
  return what;
}

void admin_adjust_wallet(const exchange_pointer& x) {
  auto wish = read_body(x, read_adjustment);
  if (!wish)
    return;
  wish->audit.front().by = stamp_of(x);
  wish->audit.front().subject = x->captures.front();
  ask<dealer_id>(
    x, x->node->records.next(),
    [x, what = std::move(*wish)](dealer_id owner) mutable {
      what.dealer = owner;
      post_to_wallet(x, std::move(what));
    },
    find_dealer_id{x->captures.front()});
}

settle_credit read_settlement(fields& in, idempotency known_as) {
  settle_credit wish;
  wish.amount = signed_amount(in, "amount");
  wish.reason = in.required_text("reason", 1, 200);
  wish.idempotency_key = std::move(known_as.key);
  wish.request_hash = std::move(known_as.request_hash);
  return wish;
}

void write_settlement(json_writer& out, const credit_settled& booked) {
  out.member("id", booked.id).member("amount", booked.amount).member("credit_used", booked.used);
}

void admin_settle_credit(const exchange_pointer& x) {
  auto wish = read_body(x, read_settlement);
  if (!wish)
    return;
  wish->email = x->captures.front();
  wish->by = stamp_of(x);
  ask<credit_settled>(
    x, x->node->operators,
    [x](const credit_settled& booked) {
      response result;
      result.body = json_object(write_settlement, booked);
      if (booked.is_replayed)
        mark_as_replayed(result);
      answer(x, std::move(result));
    },
    std::move(*wish));
}

} // namespace

route_table dealer_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  constexpr auto dealers = "GET /admin/v1/dealers tells";
  static constexpr std::array table{
    route{get, "/admin/v1/dealers", viewer, none, admin_list_dealers},
    route{post,
          "/admin/v1/dealers",
          admin,
          none,
          admin_add_dealer,
          {.audit = audit_kind::dealer_added, .told_by = dealers}},
    route{get, "/admin/v1/dealers/:email", viewer, none, admin_show_dealer},
    route{post,
          "/admin/v1/dealers/:email/status",
          admin,
          none,
          admin_set_status,
          {.is_repeatable = true, .audit = audit_kind::dealer_status_set}},
    route{post,
          "/admin/v1/dealers/:email/keys",
          admin,
          none,
          admin_issue_key,
          {.audit = audit_kind::dealer_key_issued, .told_by = dealers}},
    route{post,
          "/admin/v1/dealers/:email/password",
          admin,
          none,
          admin_set_password,
          {.is_repeatable = true, .audit = audit_kind::dealer_password_set}},
    route{post,
          "/admin/v1/dealers/:email/adjustments",
          finance,
          none,
          admin_adjust_wallet,
          {.takes_key = true,
           .audit = audit_kind::wallet_adjusted,
           .told_by = "GET /admin/v1/dealers/:email tells"}},
    route{post,
          "/admin/v1/dealers/:email/settlements",
          finance,
          none,
          admin_settle_credit,
          {.takes_key = true,
           .audit = audit_kind::credit_settled,
           .told_by = "GET /admin/v1/dealers/:email tells"}},
    route{post,
          "/admin/v1/customers/erase",
          admin,
          none,
          admin_erase_customer,
          {.is_repeatable = true, .audit = audit_kind::customer_erased}},
  };
  return table;
}

} // namespace meisim::http

#include "http/edge/asking.hpp"
#include "http/edge/paging.hpp"
#include "http/edge/parameters.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/money/statement.hpp"
#include "protocols/orders/order_list.hpp"

#include <array>
#include <utility>

namespace meisim::http {

namespace {

void write_dealer(json_writer& out, const dealer_snapshot& dealer) {
  out.member("id", dealer.id)
    .member("company_name", dealer.company)
    .member("email", dealer.email)
    .member("status", to_string(dealer.status));
}

void get_me(const exchange_pointer& x) {
  succeed(x, json_object(write_dealer, x->dealer()));
}

void write_listed_order(json_writer& out, const order_summary& order) {
  out.member("id", order.id)
    .member("order_type", order.type)
    .member("bundle_name", order.bundle_name)
    .member("customer_reference", or_null(order.customer_reference))
    .member("email_address", or_null(order.email_address))
    .member("iccid", or_null(order.iccid))
    .member("amount", order.amount)
    .member("status", order.status)
    .member("created_at", order.created_at);
}

void get_orders(const exchange_pointer& x) {
  ask<order_list>(
    x, x->node->records.next(),
    [x](const order_list& list) { succeed(x, json_objects(list.orders, write_listed_order)); },
    list_orders{x->dealer().id, 100});
}

// -- the wallet -----------------------------------------------------------------------------------

void write_wallet(json_writer& out, const dealer_snapshot& dealer, const wallet_statement& wallet) {
  out.member("ok", true)
    .member("balance", wallet.balance)
    .member("creditLimit", wallet.credit.limit)
    .member("creditUsed", wallet.credit.used)
    .member("markupPct", dealer.markup_basis_points / 100.0)
    .member("resendFee", dealer.resend_fee)
    .member("company", dealer.company)
    .member("email", dealer.email)
    .objects("transactions", wallet.entries, write_entry);
}

void get_wallet(const exchange_pointer& x) {
  ask<wallet_statement>(
    x, x->node->records.next(),
    [x](const wallet_statement& wallet) {
      succeed(x, json_object(write_wallet, x->dealer(), wallet));
    },
    show_wallet{x->dealer().id, 50});
}

constexpr std::array<std::string_view, 5> entry_types{"debit", "topup", "refund", "credit",
                                                      "adjustment"};

void get_transactions(const exchange_pointer& x) {
  auto page = read_page_wish(x);
  auto range = page ? read_time_range(x) : std::nullopt;
  if (!range)
    return;
  browse_entries question;
  question.dealer = x->dealer().id;
  question.page = *page;
  parameters in{x->incoming};
  question.type = in.choice("type", entry_types);
  if (in.failure())
    return fail(x, in.failure());
  question.from = range->from;
  question.to = range->to;
  answer_page(x, list_reader(x, question.page), std::move(question));
}

} // namespace

route_table account_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/api/v1/me", any_dealer, read, get_me, open_to(scope_set::all())},
    route{get, "/api/v1/orders", dealer, read, get_orders, open_to(scopes::read | scopes::order)},
    route{get, "/dealer/wallet", dealer, none, get_wallet, open_to(scopes::read | scopes::wallet)},
    route{get,
          "/dealer/transactions",
          dealer,
          read,
          get_transactions,
          {.parameters = "from to type limit cursor", .scopes = scopes::read | scopes::wallet}},
  };
  return table;
}

} // namespace meisim::http

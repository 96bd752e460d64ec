#include "http/endpoints/endpoints.hpp"
#include "http/server/csv_stream.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/money/statement.hpp"
#include "protocols/orders/order_list.hpp"

#include <fmt/core.h>

#include <functional>
#include <iterator>
#include <utility>

namespace meisim::http {

namespace {

/// A percentage without needless zeros: `15`, `12.5`.
std::string percent(int32_t basis_points) {
  return fmt::format("{:g}", basis_points / 100.0);
}

// -- the statement --------------------------------------------------------------------------------

constexpr auto default_days = std::chrono::days{90};

/// Rows read and sent at a time: about a megabyte.
constexpr int32_t rows_per_page = 10'000;

constexpr std::string_view statement_head =
  "Date,Type,Amount USD,Balance after USD,Description,Order ID,Stripe session\r\n";

} // namespace

void get_me(const exchange_pointer& x) {
  const auto& dealer = x->dealer();
  x->succeed(fmt::format(R"({{"id":"{}","company_name":{},"email":{},"status":"{}"}})",
                         to_string(dealer.id), json_quoted(dealer.company),
                         json_quoted(dealer.email), to_string(dealer.status)));
}

void get_orders(const exchange_pointer& x) {
  x->ask<order_list>(
    x->node->records.next(),
    [x](const order_list& list) {
      std::string body = "[";
      for (const auto& order : list.orders)
        fmt::format_to(
          std::back_inserter(body),
          R"({}{{"id":"{}","order_type":"{}","bundle_name":{},"customer_reference":{},)"
          R"("email_address":{},"iccid":{},"amount":{},"status":"{}","created_at":"{}"}})",
          &order == list.orders.data() ? "" : ",", to_string(order.id), order.type,
          json_quoted(order.bundle_name), text_or_null(order.customer_reference),
          text_or_null(order.email_address), text_or_null(order.iccid), to_string(order.amount),
          order.status, rfc3339(order.created_at));
      x->succeed(body + "]");
    },
    list_orders{x->dealer().id, 100});
}

void get_wallet(const exchange_pointer& x) {
  x->ask<wallet_statement>(
    x->node->records.next(),
    [x](const wallet_statement& wallet) {
      const auto& dealer = x->dealer();
      auto body = fmt::format(
        R"({{"ok":true,"balance":{},"markupPct":{},"resendFee":{},"company":{},"email":{},)"
        R"("transactions":[)",
        to_string(wallet.balance), percent(dealer.markup_basis_points),
        to_string(dealer.resend_fee), json_quoted(dealer.company), json_quoted(dealer.email));
      for (const auto& entry : wallet.entries)
        fmt::format_to(
          std::back_inserter(body),
          R"({}{{"id":"{}-{}","created_at":"{}","type":"{}","amount_usd":{},"balance_after_usd":{},)"
          R"("description":{},"stripe_session_id":{},"related_order_id":{}}})",
          &entry == wallet.entries.data() ? "" : ",", to_string(entry.posting), entry.seq,
          rfc3339(entry.created_at), entry.type, to_string(entry.amount),
          to_string(entry.balance_after), json_quoted(entry.description),
          text_or_null(entry.stripe_session), text_or_null(entry.order));
      x->succeed(body + "]}");
    },
    show_wallet{x->dealer().id, 50});
}

void get_statement(const exchange_pointer& x) {
  auto today = std::chrono::floor<std::chrono::days>(now());
  auto from = parse_date(x->incoming.parameter("from").value_or(""));
  auto to = parse_date(x->incoming.parameter("to").value_or(""));
  if ((x->incoming.parameter("from") && !from) || (x->incoming.parameter("to") && !to))
    return x->fail(make_error(ec::invalid, "from and to must be dates like 2026-05-01"));
  list_entries first;
  first.dealer = x->dealer().id;
  // Whole days, both included.
  first.to = to.value_or(today) + std::chrono::days{1};
  first.from = from.value_or(to.value_or(today) - default_days);
  first.limit = rows_per_page;
  if (first.from >= first.to)
    return x->fail(make_error(ec::invalid, "from must not be after to"));
  response result;
  result.content_type = "text/csv; charset=utf-8";
  result.headers.emplace_back("Content-Disposition", R"(attachment; filename="statement.csv")");
  result.chunks = stream_csv(x->self->system(), x->node->records.next(), statement_head, first);
  x->answer(std::move(result));
}

} // namespace meisim::http

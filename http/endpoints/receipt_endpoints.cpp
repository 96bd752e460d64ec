#include "http/edge/asking.hpp"
#include "http/edge/receipt_pdf.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/money/payments.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace meisim::http {

namespace {

constexpr std::string_view pdf_ending = ".pdf";

card_receipt receipt_of(const exchange& x, const payment_view& payment) {
  card_receipt receipt;
  receipt.from = x.node->company;
  receipt.dealer = x.dealer().company;
  receipt.dealer_email = x.dealer().email;
  receipt.number = to_string(payment.what.id);
  receipt.stripe_reference = payment.what.reference;
  receipt.net = payment.what.net;
  receipt.gross = payment.what.gross;
  receipt.reversed = payment.what.reversed();
  receipt.paid_at = payment.at;
  for (const auto& posting : payment.postings)
    if (posting.movement.empty())
      receipt.paid_at = posting.at;
  return receipt;
}

void show_receipt(const exchange_pointer& x, const payment_view& payment) {
  if (payment.what.dealer != x->dealer().id)
    return fail(x, make_error(ec::not_found, "there is no such payment"));
  if (!payment.what.is_credited())
    return fail(x, make_error(ec::conflict, "the payment has not been paid yet"));
  response result;
  result.content_type = "application/pdf";
  result.headers.emplace_back(
    "Content-Disposition",
    fmt::format("inline; filename=\"receipt-{}.pdf\"", to_string(payment.what.id)));
  result.body = receipt_pdf(receipt_of(*x, payment));
  answer(x, std::move(result));
}

/// The payment by our id, or by the session or intent that the wallet's entries name.
void get_receipt(const exchange_pointer& x) {
  std::string_view file = x->captures.front();
  if (!file.ends_with(pdf_ending))
    return fail(x, make_error(ec::not_found, "a receipt's name ends with .pdf"));
  file.remove_suffix(pdf_ending.size());
  ask<payment_view>(
    x, x->node->payments, [x](const payment_view& payment) { show_receipt(x, payment); },
    show_payment{std::string{file}});
}

} // namespace

route_table receipt_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/dealer/receipts/:file",
          dealer,
          read,
          get_receipt,
          {.is_long = true, .scopes = scopes::read | scopes::wallet}},
  };
  return table;
}

} // namespace meisim::http

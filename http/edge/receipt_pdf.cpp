#include "http/edge/receipt_pdf.hpp"

namespace meisim::http {

std::string receipt_pdf(const card_receipt& receipt) {
  page_document page{"Receipt " + receipt.number};
  write_letterhead(page, receipt.from);
  page.gap(36);
  page.line("Receipt", {.size = 22, .is_bold = true});
  page.gap(8);
  page.row("Number", receipt.number);
  page.row("Paid", rfc3339(receipt.paid_at).substr(0, 10));
  page.row("Paid by", "Card");
  page.row("Stripe reference", receipt.stripe_reference);
  page.row("Received from", receipt.dealer);
  page.row("", receipt.dealer_email);
  page.gap(16);
  page.rule();
  page.row("Prepaid balance of the dealer wallet", in_dollars(receipt.net));
  page.row("Card processing fee", in_dollars(receipt.gross - receipt.net));
  page.rule();
  page.row("Charged to the card", in_dollars(receipt.gross), {.is_bold = true});
  if (receipt.reversed != money{})
    page.row("Taken back from the balance since", in_dollars(receipt.reversed));
  page.gap(24);
  page.line("The balance is used for eSIMs, top-ups and verifications, which the wallet's "
            "statement lists.",
            {.size = 9, .is_quiet = true});
  return page.finish();
}

} // namespace meisim::http

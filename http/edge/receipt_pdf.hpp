#pragma once

#include "http/edge/letterhead.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"

#include <string>

namespace meisim::http {

/// A card payment that has reached the wallet.
struct card_receipt {
  company_details from;
  std::string dealer;
  std::string dealer_email;
  /// Our id of the payment, and Stripe's name for it.
  std::string number;
  std::string stripe_reference;
  instant paid_at;
  /// What the wallet got, and what the card paid.
  money net;
  money gross;
  /// What has gone back to the card since.
  money reversed;
};

/// The receipt on one page, as the bytes of a PDF.
std::string receipt_pdf(const card_receipt& receipt);

} // namespace meisim::http

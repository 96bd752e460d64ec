#pragma once

#include "http/edge/letterhead.hpp"
#include "protocols/money/statement.hpp"

#include <string>

namespace meisim::http {

/// A wallet's month as its dealer reads it.
struct wallet_month {
  company_details from;
  std::string dealer;
  std::string dealer_email;
  /// As in `2026-05`.
  std::string month;
  month_statement what;
};

/// The statement on as many pages as it takes, as the bytes of a PDF.
std::string statement_pdf(const wallet_month& month);

} // namespace meisim::http

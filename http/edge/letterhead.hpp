#pragma once

#include "http/edge/page_document.hpp"
#include "protocols/base/money.hpp"

#include <string>
#include <vector>

namespace meisim::http {

/// Who receipts and statements are from.
struct company_details {
  std::string name;
  std::vector<std::string> address;
  std::string email;
  std::string tax_id;
};

/// A sum as receipts and statements write it.
inline std::string in_dollars(money amount) {
  return "USD " + to_string(amount);
}

/// Writes the beginning of a receipt or statement.
inline void write_letterhead(page_document& page, const company_details& from) {
  page.line(from.name, {.size = 14, .is_bold = true});
  for (const auto& part : from.address)
    page.line(part, {.size = 9, .is_quiet = true});
  if (!from.email.empty())
    page.line(from.email, {.size = 9, .is_quiet = true});
  if (!from.tax_id.empty())
    page.line("Tax ID " + from.tax_id, {.size = 9, .is_quiet = true});
}

} // namespace meisim::http

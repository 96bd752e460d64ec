#include "persistence/seed.hpp"

#include "persistence/access/dealers.hpp"
#include "persistence/supply/stock.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

constexpr int demo_esims = 500;
const std::string demo_email = "demo@meisim.test";

/// `digits` and the check digit that the Luhn formula (ITU-T E.118) gives.
std::string with_check_digit(const std::string& digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 0)
      digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

import_stock demo_stock() {
  import_stock rows;
  rows.pool = {"att", "qr"};
  for (int i = 1; i <= demo_esims; ++i)
    rows.lines.push_back({i, with_check_digit(fmt::format("8901410{:012}", i)),
                          fmt::format("LPA:1$smdp.meisim.test$AVAILABLE-{:06}", i)});
  return rows;
}

} // namespace

bool has_demo(database& db) {
  return dealer_with_email(db, demo_email).has_value();
}

std::optional<dealer_id> seed_demo(database& db, const std::string& password_hash) {
  transaction tx{db};
  if (count_dealers(db) > 0)
    return std::nullopt;
  auto id = dealer_id::make();
  insert_dealer(
    db, id, {demo_email, "MeiSIM Demo", dealer_status::approved, 0, money::from_cents(100), true});
  update_password(db, id, password_hash);
  insert_stock(db, demo_stock());
  tx.commit();
  return id;
}

} // namespace meisim

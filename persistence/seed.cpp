#include "persistence/seed.hpp"

#include "persistence/dealers.hpp"
#include "persistence/stock.hpp"

#include <fmt/format.h>

namespace meisim {

namespace {

constexpr int demo_esims = 500;

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

void insert_sku(soci::session& sql, const std::string& id, const std::string& service, const std::string& name,
                const std::string& carrier, const std::string& plan, int price) {
  sql << "INSERT INTO skus (id, service, name, carrier, plan_type, price_cents)"
         " VALUES (:id::uuid, :service, :name, :carrier, :plan, :price)",
    soci::use(id, "id"), soci::use(service, "service"), soci::use(name, "name"), soci::use(carrier, "carrier"),
    soci::use(plan, "plan"), soci::use(price, "price");
}

} // namespace

std::optional<dealer_id> seed_demo(database& db, const std::string& password_hash) {
  auto& sql = db.session();
  int dealers = 0;
  int skus = 0;
  sql << "SELECT (SELECT count(*) FROM dealers), (SELECT count(*) FROM skus)", soci::into(dealers), soci::into(skus);
  if (dealers > 0 || skus > 0)
    return std::nullopt;
  auto id = dealer_id::make();
  insert_dealer(db, id, {"demo@meisim.test", "MeiSIM Demo", dealer_status::approved, 0, money::from_cents(100), true});
  update_password(db, id, password_hash);
  insert_sku(sql, to_string(make_uuid()), "esim_supply_att", "AT&T eSIM, QR code", "att", "qr", 400);
  insert_sku(sql, to_string(make_uuid()), "esim_validate", "eSIM validation", "any", "any", 15);
  insert_stock(db, demo_stock());
  return id;
}

} // namespace meisim

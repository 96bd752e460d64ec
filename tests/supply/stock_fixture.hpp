#pragma once

#include "persistence/supply/stock.hpp"
#include "tests/fixtures/database.hpp"

#include <string>
#include <vector>

// Stock as the database keeps it.

namespace meisim::test {

inline const pool_name att{"att", "qr"};

struct stock_fixture : database_fixture {
  /// Lines `first` to `last`; the ICCID carries the number.
  import_result import(int first, int last, const pool_name& pool = att) {
    import_stock rows{pool, {}};
    for (int i = first; i <= last; ++i)
      rows.lines.push_back(
        {i, std::to_string(i), "LPA:1$smdp.test$CODE \"" + std::to_string(i) + "\" \\"});
    return insert_stock(db, rows);
  }

  sku_id add_sku(int price) {
    auto id = sku_id::make();
    std::string key = to_string(id);
    db.session()
      << "INSERT INTO skus VALUES (:id::uuid, 'esim_supply_att', 'eSIM', 'att', 'qr', :price)",
      soci::use(key, "id"), soci::use(price, "price");
    return id;
  }

  order_id place_order() {
    auto order = order_id::make();
    run(
      "INSERT INTO orders (id, dealer_id, type, product, quantity, unit_price_cents, status, created_at) VALUES ('"
      + to_string(order) + "', '" + to_string(open_dealer(to_string(order) + "@example.test"))
      + "', 'esim', 'esim_5gb', 1, 100, 'processing', now())");
    return order;
  }

  /// What its fulfilment holds while it delivers.
  void add_job(order_id order) {
    run("INSERT INTO jobs (kind, subject, lane, run_at) VALUES ('fulfil', '" + to_string(order)
        + "', 'p3', now())");
  }

  std::vector<stock_row> rows(int32_t count) {
    return sellable_rows(db, {att, count, {}, {}}).rows;
  }
};

} // namespace meisim::test

#include "persistence/money/effect_kind.hpp"
#include "persistence/money/effects/supply.sql.hpp"
#include "persistence/supply/stock.hpp"

#include <array>
#include <map>
#include <utility>

namespace meisim {

namespace {

struct placed_sale {
  const decided_posting& posting;
  const supply_sold& sale;
};

std::vector<uuid> ids_of(const supply_sold& sale) {
  std::vector<uuid> sold;
  sold.reserve(sale.rows.size());
  for (const auto& row : sale.rows)
    sold.push_back(row.id.value);
  return sold;
}

constexpr column<placed_sale> usage_columns[] = {
  {"id", [](row_array& to, const placed_sale& from) { to.add(from.sale.usage); }},
  {"dealer_id", [](row_array& to, const placed_sale& from) { to.add(from.posting.what.dealer); }},
  {"posting_id", [](row_array& to, const placed_sale& from) { to.add(from.posting.what.id); }},
  {"sku_id", [](row_array& to, const placed_sale& from) { to.add(from.sale.sku); }},
  {"quantity", [](row_array& to, const placed_sale& from) { to.add(from.sale.quantity); }},
  {"unit_price_cents",
   [](row_array& to, const placed_sale& from) { to.add(from.sale.unit_price.cents()); }},
  {"inventory_ids", [](row_array& to, const placed_sale& from) { to.add(ids_of(from.sale)); }},
  {"created_at", [](row_array& to, const placed_sale& from) { to.add(from.sale.assigned_at); }},
};

constexpr row_statement<placed_sale> insert_usages{sql::insert_usages, usage_columns};

/// Which of 1,024 eSIMs side by side are being sold, as the bits of a row of inventory_sold.
struct sold_places {
  static constexpr int64_t size = 1'024;

  void mark(int64_t place) {
    auto& byte = bits[static_cast<size_t>(place / 8)];
    auto bit = static_cast<char>(0x80 >> (place % 8));
    is_sold_twice = is_sold_twice || (byte & bit) != 0;
    byte = static_cast<char>(byte | bit);
  }

  std::array<char, size / 8> bits{};
  /// Whether an eSIM is named twice. Then no bits are written, and the commit fails as it does for
  /// a bit that is already set.
  bool is_sold_twice = false;
};

/// By number.
using sold_blocks = std::map<int64_t, sold_places>;

constexpr column<sold_blocks::value_type> block_columns[] = {
  {"block", [](row_array& to, const sold_blocks::value_type& from) { to.add(from.first); }},
  {"places",
   [](row_array& to, const sold_blocks::value_type& from) {
     const auto& [bits, is_sold_twice] = from.second;
     if (is_sold_twice)
       to.add_null();
     else
       to.add_bits({bits.data(), bits.size()});
   }},
};

constexpr row_statement<sold_blocks::value_type> mark_blocks{sql::mark_blocks, block_columns};

void add_usages(pipeline& into, postings_view postings) {
  auto usages = into.rows_for(insert_usages);
  for_each_effect<supply_sold>(postings, [&](const auto& posting, const auto& sale) {
    usages.add({posting, sale});
  });
}

void add_marks(pipeline& into, postings_view postings) {
  // In the order of the blocks, so that two writers never wait for one another in a circle.
  sold_blocks blocks;
  for_each_effect<supply_sold>(postings, [&](const auto&, const auto& sale) {
    for (const auto& row : sale.rows)
      blocks[row.place / sold_places::size].mark(row.place % sold_places::size);
  });
  auto marks = into.rows_for(mark_blocks);
  for (const auto& block : blocks)
    marks.add(block);
}

effect_subject usage_of(const effect& what) {
  return {{}, std::get<supply_sold>(what).usage};
}

receipt_values sale_told(database& db, const committed_posting& posting) {
  auto sale = find_sale(db, posting.subject.usage);
  require_paid(posting, sale.unit_price);
  return sale;
}

} // namespace

extern const effect_kind supply_effect{.name = "supply",
                                       .account = supply_sold::account,
                                       .place = place_of<supply_sold>,
                                       .may_be_free = true,
                                       .add = add_usages,
                                       .add_contended = add_marks,
                                       .subject = usage_of,
                                       .recall = sale_told};

} // namespace meisim

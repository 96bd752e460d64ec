#include "persistence/money/effect_kind.hpp"
#include "persistence/money/effects/order_refund.sql.hpp"

namespace meisim {

namespace {

constexpr column<order_refunded> refunded_order[] = {
  {"id", [](row_array& to, const order_refunded& from) { to.add(from.id); }},
};

constexpr row_statement<order_refunded> lock_orders{sql::lock_orders, refunded_order};

constexpr column<order_refunded> ended_columns[] = {
  {"id", [](row_array& to, const order_refunded& from) { to.add(from.id); }},
  {"failed", [](row_array& to, const order_refunded& from) { to.add(from.failed); }},
  {"reason", [](row_array& to, const order_refunded& from) { to.add(from.reason); }},
};

constexpr row_statement<order_refunded> end_orders{sql::end_orders, ended_columns};

void lock_refunded(database& db, postings_view postings, std::unordered_set<posting_id>& stale) {
  pipeline locks{db};
  auto orders = locks.rows_for(lock_orders);
  for_each_effect<order_refunded>(postings,
                                  [&](const auto&, const auto& refund) { orders.add(refund); });
  auto locked = locks.run_for_ids();
  for_each_effect<order_refunded>(postings, [&](const auto& posting, const auto& refund) {
    // An order ends once: a second posting about it comes too late.
    if (std::erase(locked, refund.id.value) == 0)
      stale.insert(posting.what.id);
  });
}

void add_ends(pipeline& into, postings_view postings) {
  auto ends = into.rows_for(end_orders);
  for_each_effect<order_refunded>(postings,
                                  [&](const auto&, const auto& refund) { ends.add(refund); });
}

} // namespace

extern const effect_kind order_refund_effect{.name = "order_refund",
                                             .place = place_of<order_refunded>,
                                             .lock = lock_refunded,
                                             .add = add_ends};

} // namespace meisim

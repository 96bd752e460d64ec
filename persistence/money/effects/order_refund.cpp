#include "persistence/money/effect_kind.hpp"
#include "persistence/money/effects/order_refund.sql.hpp"

namespace meisim {

namespace {

constexpr column<order_refunded> refunded_columns[] = {
  {"id", [](row_array& to, const order_refunded& from) { to.add(from.id); }},
  {"units", [](row_array& to, const order_refunded& from) { to.add(from.units); }},
  {"attempt", [](row_array& to, const order_refunded& from) { to.add(from.attempt); }},
};

constexpr row_statement<order_refunded> lock_jobs{sql::lock_jobs, refunded_columns};
constexpr row_statement<order_refunded> find_refundable{sql::find_refundable, refunded_columns};

constexpr column<order_refunded> ended_columns[] = {
  {"id", [](row_array& to, const order_refunded& from) { to.add(from.id); }},
  {"failed", [](row_array& to, const order_refunded& from) { to.add(from.failed); }},
  {"reason", [](row_array& to, const order_refunded& from) { to.add(from.reason); }},
};

constexpr row_statement<order_refunded> end_orders{sql::end_orders, ended_columns};

std::vector<uuid> orders_by(database& db, const row_statement<order_refunded>& statement,
                            postings_view postings) {
  pipeline question{db};
  auto orders = question.rows_for(statement);
  for_each_effect<order_refunded>(postings,
                                  [&](const auto&, const auto& refund) { orders.add(refund); });
  return question.run_for_ids();
}

/// Whoever ends an order or adds a delivery to it locks its job first. So the order does not change
/// while its job is locked.
void lock_refunded(database& db, postings_view postings, std::unordered_set<posting_id>& stale) {
  auto locked = orders_by(db, lock_jobs, postings);
  auto refundable = orders_by(db, find_refundable, postings);
  for_each_effect<order_refunded>(postings, [&](const auto& posting, const auto& refund) {
    // An order ends once: a second posting about it comes too late.
    if (std::erase(locked, refund.id.value) == 0 || std::erase(refundable, refund.id.value) == 0)
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
                                             .account = order_refunded::account,
                                             .place = place_of<order_refunded>,
                                             .may_be_free = true,
                                             .lock = lock_refunded,
                                             .add = add_ends};

} // namespace meisim

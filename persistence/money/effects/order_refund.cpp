#include "persistence/money/effect_kind.hpp"
#include "persistence/notify/webhook_events.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

constexpr column<order_refunded> refunded_order[] = {
  {"id", [](row_array& to, const order_refunded& from) { to.add(from.id); }},
};

/// Only one that is still under way can be given back.
constexpr row_statement<order_refunded> lock_orders{
  "SELECT id FROM orders WHERE id = ANY ($1::uuid[]) AND status = 'processing' FOR UPDATE",
  refunded_order};

constexpr column<order_refunded> ended_columns[] = {
  {"id", [](row_array& to, const order_refunded& from) { to.add(from.id); }},
  {"failed", [](row_array& to, const order_refunded& from) { to.add(from.failed); }},
  {"reason", [](row_array& to, const order_refunded& from) { to.add(from.reason); }},
};

const auto end_orders_sql = fmt::format(
  "WITH ended AS (UPDATE orders o SET"
  " status = CASE WHEN r.failed THEN 'failed' ELSE 'completed' END,"
  " failure = r.reason, completed_at = now(),"
  " iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id ORDER BY s.unit LIMIT 1)"
  " FROM unnest($1::ended_order[]) AS r WHERE o.id = r.id RETURNING o.*),"
  " job AS (DELETE FROM jobs j USING ended WHERE j.kind = 'fulfil' AND j.subject = ended.id)"
  " SELECT {} FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_webhooks",
  tell_of_order);

const row_statement<order_refunded> end_orders{end_orders_sql, ended_columns};

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

const effect_kind order_refund_effect{.name = "order_refund",
                                      .place = place_of<order_refunded>,
                                      .lock = lock_refunded,
                                      .add = add_ends};

} // namespace meisim

#include "persistence/money/effect_kind.hpp"
#include "persistence/money/effects/row_refund.sql.hpp"

#include <map>

namespace meisim {

namespace {

struct refunded_row {
  posting_id posting;
  batch_id batch;
  int32_t number;
};

constexpr column<refunded_row> refund_columns[] = {
  {"batch_id", [](row_array& to, const refunded_row& from) { to.add(from.batch); }},
  {"row_number", [](row_array& to, const refunded_row& from) { to.add(from.number); }},
  {"posting_id", [](row_array& to, const refunded_row& from) { to.add(from.posting); }},
};

constexpr row_statement<refunded_row> insert_refunds{sql::insert_refunds, refund_columns};

/// How many rows of each batch.
using row_counts = std::map<batch_id, int32_t>;

constexpr column<row_counts::value_type> count_columns[] = {
  {"id", [](row_array& to, const row_counts::value_type& from) { to.add(from.first); }},
  {"rows", [](row_array& to, const row_counts::value_type& from) { to.add(from.second); }},
};

constexpr row_statement<row_counts::value_type> count_refunds{sql::count_refunds, count_columns};

void add_row_refunds(pipeline& into, postings_view postings) {
  row_counts counts;
  auto refunds = into.rows_for(insert_refunds);
  for_each_effect<rows_refunded>(postings, [&](const auto& posting, const auto& refund) {
    for (auto number : refund.rows)
      refunds.add({posting.what.id, refund.batch, number});
    counts[refund.batch] += static_cast<int32_t>(refund.rows.size());
  });
  auto batches = into.rows_for(count_refunds);
  for (const auto& count : counts)
    batches.add(count);
}

effect_subject refunded_batch(const effect& what) {
  return {std::get<rows_refunded>(what).batch.value};
}

} // namespace

extern const effect_kind row_refund_effect{.name = "batch_refund",
                                           .account = rows_refunded::account,
                                           .place = place_of<rows_refunded>,
                                           .may_be_free = true,
                                           .add = add_row_refunds,
                                           .subject = refunded_batch};

} // namespace meisim

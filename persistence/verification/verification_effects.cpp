#include "persistence/verification/verification_effects.hpp"

#include "persistence/base/array.hpp"
#include "persistence/verification/verification_results.hpp"
#include "protocols/verification/activation_code.hpp"

#include <map>

namespace meisim {

namespace {

using postings_view = std::span<const std::shared_ptr<const decided_posting>>;

struct count_refunds {
  explicit count_refunds(soci::session& sql)
    : statement((sql.prepare << "UPDATE batches b SET refunded_rows = refunded_rows + r.rows"
                                " FROM unnest(:ids::uuid[], :rows::integer[]) AS r(id, rows)"
                                " WHERE b.id = r.id",
                 soci::use(ids, "ids"), soci::use(rows, "rows"))) {
    // nop
  }

  std::string ids, rows;
  soci::statement statement;
};

/// Adds the rows of a batch with the verdicts that need no device, and counts these.
int32_t add_rows(row_array& rows, row_array& verdicts, const batch_submitted& batch, instant at) {
  int32_t number = 0;
  int32_t flawed = 0;
  for (const auto& row : batch.rows) {
    ++number;
    rows.row();
    rows.add(batch.id);
    rows.add(number);
    rows.add_optional(row.iccid);
    rows.add(row.lpa);
    auto reading = read_activation_code(row.lpa);
    if (reading.code)
      continue;
    auto found = malformed_code(reading.flaw);
    ++flawed;
    verdicts.row();
    verdicts.add(batch.id);
    verdicts.add(number);
    verdicts.add(to_string(found.what));
    verdicts.add(found.reason);
    verdicts.add(at);
  }
  return flawed;
}

} // namespace

void add_batches(pipeline& into, postings_view postings) {
  auto& rows = into.rows_for("INSERT INTO batch_rows (batch_id, row_number, iccid, lpa)"
                             " SELECT * FROM unnest($1::code_row[])");
  auto& verdicts = into.rows_for(
    "INSERT INTO verdicts (batch_id, row_number, verdict, reason, checked_at) SELECT * FROM"
    " unnest($1::flaw_row[])");
  auto& batches = into.rows_for(
    "INSERT INTO batches (id, dealer_id, source, posting_id, usage_id, sku_id, label, notify_email,"
    " unit_price_cents, total_rows, next_row, invalid, created_at, completed_at) SELECT * FROM"
    " unnest($1::batch_row[])");
  std::vector<std::pair<batch_id, std::string>> completed;
  for (const auto& posting : postings) {
    auto* batch = std::get_if<batch_submitted>(&posting->what.what);
    if (!batch)
      continue;
    auto total = static_cast<int32_t>(batch->rows.size());
    auto flawed = add_rows(rows, verdicts, *batch, posting->decided_at);
    bool is_complete = flawed == total;
    batches.row();
    batches.add(batch->id);
    batches.add(posting->what.dealer);
    batches.add(to_string(batch->source));
    batches.add(posting->what.id);
    if (batch->usage == 0)
      batches.add_null();
    else
      batches.add(batch->usage);
    batches.add(batch->sku);
    batches.add(batch->label);
    batches.add_optional(batch->notify_email);
    batches.add(batch->unit_price.cents());
    batches.add(total);
    batches.add(is_complete ? total + 1 : 1);
    batches.add(flawed);
    batches.add(posting->decided_at);
    if (is_complete) {
      batches.add(posting->decided_at);
      completed.emplace_back(batch->id, batch->notify_email);
    } else {
      batches.add_null();
    }
  }
  add_results_mails(into, completed);
}

void add_row_refunds(pipeline& into, postings_view postings) {
  auto& refunds = into.rows_for("INSERT INTO row_refunds (batch_id, row_number, posting_id)"
                                " SELECT * FROM unnest($1::row_refund[])");
  for (const auto& posting : postings) {
    auto* refund = std::get_if<rows_refunded>(&posting->what.what);
    if (!refund)
      continue;
    for (auto number : refund->rows) {
      refunds.row();
      refunds.add(refund->batch);
      refunds.add(number);
      refunds.add(posting->what.id);
    }
  }
}

void write_row_refunds(database& db, postings_view postings) {
  std::map<batch_id, int64_t> counts;
  for (const auto& posting : postings)
    if (auto* refund = std::get_if<rows_refunded>(&posting->what.what))
      counts[refund->batch] += std::ssize(refund->rows);
  if (counts.empty())
    return;
  array_text ids, rows;
  for (auto [batch, count] : counts) {
    ids.add(batch);
    rows.add(count);
  }
  auto& query = db.prepared<count_refunds>();
  query.ids = ids.take();
  query.rows = rows.take();
  query.statement.execute(true);
}

} // namespace meisim

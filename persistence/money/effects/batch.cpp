#include "persistence/money/effect_kind.hpp"
#include "persistence/money/effects/batch.sql.hpp"
#include "persistence/notify/webhook_events.hpp"
#include "persistence/verification/verification_results.hpp"
#include "protocols/verification/activation_code.hpp"

#include <string>
#include <utility>

namespace meisim {

namespace {

struct numbered_row {
  batch_id batch;
  int32_t number;
  const batch_row& row;
};

constexpr column<numbered_row> row_columns[] = {
  {"batch_id", [](row_array& to, const numbered_row& from) { to.add(from.batch); }},
  {"row_number", [](row_array& to, const numbered_row& from) { to.add(from.number); }},
  {"iccid", [](row_array& to, const numbered_row& from) { to.add_optional(from.row.iccid); }},
  {"lpa", [](row_array& to, const numbered_row& from) { to.add(from.row.lpa); }},
};

constexpr row_statement<numbered_row> insert_batch_rows{sql::insert_batch_rows, row_columns};

/// The verdict about a row that is no activation code: it needs no device.
struct flawed_row {
  batch_id batch;
  int32_t number;
  finding found;
  instant at;
};

constexpr column<flawed_row> flaw_columns[] = {
  {"batch_id", [](row_array& to, const flawed_row& from) { to.add(from.batch); }},
  {"row_number", [](row_array& to, const flawed_row& from) { to.add(from.number); }},
  {"verdict", [](row_array& to, const flawed_row& from) { to.add(to_string(from.found.what)); }},
  {"reason", [](row_array& to, const flawed_row& from) { to.add(from.found.reason); }},
  {"checked_at", [](row_array& to, const flawed_row& from) { to.add(from.at); }},
};

constexpr row_statement<flawed_row> insert_flaws{sql::insert_flaws, flaw_columns};

struct paid_batch {
  const decided_posting& posting;
  const batch_submitted& batch;
  /// How many rows have their verdict at once.
  int32_t flawed;

  int32_t total() const {
    return static_cast<int32_t>(batch.rows.size());
  }

  bool is_complete() const {
    return flawed == total();
  }
};

constexpr column<paid_batch> batch_columns[] = {
  {"id", [](row_array& to, const paid_batch& from) { to.add(from.batch.id); }},
  {"dealer_id", [](row_array& to, const paid_batch& from) { to.add(from.posting.what.dealer); }},
  {"source", [](row_array& to, const paid_batch& from) { to.add(to_string(from.batch.source)); }},
  {"posting_id", [](row_array& to, const paid_batch& from) { to.add(from.posting.what.id); }},
  {"usage_id", [](row_array& to, const paid_batch& from) { to.add_unless_zero(from.batch.usage); }},
  {"sku_id", [](row_array& to, const paid_batch& from) { to.add(from.batch.sku); }},
  {"label", [](row_array& to, const paid_batch& from) { to.add(from.batch.label); }},
  {"notify_email",
   [](row_array& to, const paid_batch& from) { to.add_optional(from.batch.notify_email); }},
  {"unit_price_cents",
   [](row_array& to, const paid_batch& from) { to.add(from.batch.unit_price.cents()); }},
  {"total_rows", [](row_array& to, const paid_batch& from) { to.add(from.total()); }},
  {"next_row", [](row_array& to,
                  const paid_batch& from) { to.add(from.is_complete() ? from.total() + 1 : 1); }},
  {"invalid", [](row_array& to, const paid_batch& from) { to.add(from.flawed); }},
  {"max_age_seconds",
   [](row_array& to, const paid_batch& from) { to.add(from.batch.max_age_seconds); }},
  {"created_at", [](row_array& to, const paid_batch& from) { to.add(from.posting.decided_at); }},
  {"completed_at",
   [](row_array& to, const paid_batch& from) {
     if (from.is_complete())
       to.add(from.posting.decided_at);
     else
       to.add_null();
   }},
};

constexpr row_statement<paid_batch> insert_batches{sql::insert_batches, batch_columns};

/// Adds the rows of a batch, with the verdicts that need no device. Returns how many such verdicts
/// there are.
int32_t add_rows(pipeline& into, const batch_submitted& batch, instant at) {
  auto rows = into.rows_for(insert_batch_rows);
  auto verdicts = into.rows_for(insert_flaws);
  int32_t number = 0;
  int32_t flawed = 0;
  for (const auto& row : batch.rows) {
    rows.add({batch.id, ++number, row});
    auto reading = read_activation_code(row.lpa);
    if (reading.code)
      continue;
    verdicts.add({batch.id, number, malformed_code(reading.flaw), at});
    ++flawed;
  }
  return flawed;
}

void add_batches(pipeline& into, postings_view postings) {
  std::vector<std::pair<batch_id, std::string>> completed;
  for_each_effect<batch_submitted>(postings, [&](const auto& posting, const auto& batch) {
    paid_batch paid{posting, batch, add_rows(into, batch, posting.decided_at)};
    into.rows_for(insert_batches).add(paid);
    if (paid.is_complete())
      completed.emplace_back(batch.id, batch.notify_email);
  });
  add_results_mails(into, completed);
  // A batch in which no row is a code needs no device.
  for_each_effect<batch_submitted>(postings, [&](const auto& posting, const auto& batch) {
    if (posting.expected.has_listeners)
      tell_of_batch(into, batch.id);
  });
}

effect_subject batch_of(const effect& what) {
  return {std::get<batch_submitted>(what).id.value};
}

receipt_values batch_told(database& db, const committed_posting& posting) {
  auto id = to_string(posting.subject.id);
  std::string source;
  long long price = 0;
  long long usage = 0;
  batch_receipt told;
  db.session() << sql::recall_batch, soci::use(id, "id"), soci::into(source), soci::into(told.rows),
    soci::into(price), soci::into(usage);
  require_subject(db, posting);
  told.id = batch_id{posting.subject.id};
  told.source = parse_batch_source(source).value_or(batch_source::dealer);
  told.unit_price = money::from_cents(price);
  require_paid(posting, told.unit_price);
  told.usage = usage;
  told.balance = posting.balance;
  return told;
}

} // namespace

extern const effect_kind batch_effect{.name = "batch",
                                      .account = batch_submitted::account,
                                      .place = place_of<batch_submitted>,
                                      .may_be_free = true,
                                      .add = add_batches,
                                      .subject = batch_of,
                                      .recall = batch_told};

} // namespace meisim

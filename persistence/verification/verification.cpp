#include "persistence/verification/verification.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/base/array.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/notify/webhook_events.hpp"
#include "persistence/verification/row_leases.hpp"
#include "persistence/verification/verification.sql.hpp"
#include "persistence/verification/verification_results.hpp"
#include "protocols/base/json_writer.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace meisim {

namespace {

struct move_counters {
  explicit move_counters(soci::session& session)
    : statement((session.prepare << sql::move_counters, soci::use(ids, "ids"),
                 soci::use(counts[0], "available"), soci::use(counts[1], "used"),
                 soci::use(counts[2], "invalid"), soci::use(counts[3], "error"),
                 soci::use(counts[4], "unknown"), soci::use(done, "done"), soci::into(id),
                 soci::into(is_complete), soci::into(owes), soci::into(notify),
                 soci::into(is_check))) {
    // nop
  }

  std::string ids, done, id, notify;
  std::array<std::string, verdict_count> counts;
  int is_complete = 0;
  int owes = 0;
  int is_check = 0;
  soci::statement statement;
};

/// Refunds are gathered for a moment while a batch runs, and made at once when it ends.
constexpr int32_t refund_delay_seconds = 5;

constexpr column<checked_row> verdict_columns[] = {
  {"batch_id", [](row_array& to, const checked_row& row) { to.add(row.batch); }},
  {"row_number", [](row_array& to, const checked_row& row) { to.add(row.number); }},
  {"verdict", [](row_array& to, const checked_row& row) { to.add(to_string(row.found.what)); }},
  {"reason", [](row_array& to, const checked_row& row) { to.add_optional(row.found.reason); }},
  {"iccid", [](row_array& to, const checked_row& row) { to.add_optional(row.found.iccid); }},
  {"device", [](row_array& to, const checked_row& row) { to.add_optional(row.device); }},
  {"stage", [](row_array& to, const checked_row& row) { to.add_optional(row.found.seen.stage); }},
  {"codes", [](row_array& to, const checked_row& row) { to.add_optional(row.found.seen.codes); }},
  {"http_status",
   [](row_array& to, const checked_row& row) { to.add_unless_zero(row.found.seen.http_status); }},
  {"host", [](row_array& to, const checked_row& row) { to.add_optional(row.found.seen.host); }},
  {"begun_at", [](row_array& to, const checked_row& row) { to.add(row.begun); }},
  {"checked_at", [](row_array& to, const checked_row& row) { to.add(row.ended); }},
};

constexpr row_statement<checked_row> insert_verdicts{sql::insert_verdicts, verdict_columns};

constexpr column<failed_attempt> attempt_columns[] = {
  {"batch_id", [](row_array& to, const failed_attempt& from) { to.add(from.batch); }},
  {"row_number", [](row_array& to, const failed_attempt& from) { to.add(from.number); }},
  {"attempt", [](row_array& to, const failed_attempt& from) { to.add(from.attempt); }},
  {"device", [](row_array& to, const failed_attempt& from) { to.add(from.device); }},
  {"reason", [](row_array& to, const failed_attempt& from) { to.add(from.reason); }},
};

constexpr row_statement<failed_attempt> insert_attempts{sql::insert_attempts, attempt_columns};

constexpr column<checked_row> code_columns[] = {
  {"code", [](row_array& to, const checked_row& row) { to.add(row.code); }},
  {"batch_id", [](row_array& to, const checked_row& row) { to.add(row.batch); }},
  {"row_number", [](row_array& to, const checked_row& row) { to.add(row.number); }},
  {"checked_at", [](row_array& to, const checked_row& row) { to.add(row.ended); }},
};

constexpr row_statement<checked_row> note_codes{sql::note_checked_codes, code_columns};

/// What follows from verdicts.
struct later_job {
  std::string_view kind;
  batch_id batch;
  int32_t delay = 0;
};

constexpr column<later_job> later_job_columns[] = {
  {"kind", [](row_array& to, const later_job& from) { to.add(from.kind); }},
  {"subject", [](row_array& to, const later_job& from) { to.add(from.batch); }},
  {"delay", [](row_array& to, const later_job& from) { to.add(from.delay); }},
};

constexpr row_statement<later_job> queue_jobs{sql::queue_jobs_about_batches, later_job_columns};

using row_key = std::pair<batch_id, int32_t>;

/// Which of these rows have a verdict already.
std::set<row_key> written_before(database& db, const write_verdicts& work) {
  std::set<row_key> known;
  if (!work.is_repeat)
    return known;
  array_text batches, rows;
  for (const auto& row : work.rows) {
    batches.add(row.batch);
    rows.add(int64_t{row.number});
  }
  std::string of = batches.take();
  std::string numbers = rows.take();
  std::string batch;
  int number = 0;
  soci::statement query =
    (db.session().prepare << sql::list_known_verdicts, soci::use(of, "batches"),
     soci::use(numbers, "rows"), soci::into(batch), soci::into(number));
  query.execute();
  while (query.fetch())
    known.emplace(batch_id::parse(batch).value_or(batch_id{}), number);
  return known;
}

using counters = std::array<int64_t, verdict_count>;

/// How a batch stands after its counters were moved.
struct moved_batch {
  batch_id id;
  bool is_complete = false;
  bool owes_refunds = false;
  bool is_check = false;
  std::string notify;
};

std::vector<moved_batch> count_verdicts(database& db, const std::map<batch_id, counters>& moves) {
  if (moves.empty())
    return {};
  array_text ids, done;
  std::array<array_text, verdict_count> counts;
  for (const auto& [batch, move] : moves) {
    ids.add(batch);
    for (size_t i = 0; i < move.size(); ++i)
      counts[i].add(move[i]);
    done.add(std::accumulate(move.begin(), move.end(), int64_t{0}));
  }
  auto& query = db.prepared<move_counters>();
  query.ids = ids.take();
  query.done = done.take();
  for (size_t i = 0; i < counts.size(); ++i)
    query.counts[i] = counts[i].take();
  query.statement.execute();
  std::vector<moved_batch> result;
  while (query.statement.fetch())
    result.push_back({batch_id::parse(query.id).value_or(batch_id{}), query.is_complete != 0,
                      query.owes != 0, query.is_check != 0, query.notify});
  return result;
}

void queue_jobs_about(pipeline& into, const std::vector<moved_batch>& batches) {
  auto jobs = into.rows_for(queue_jobs);
  for (const auto& batch : batches) {
    if (batch.owes_refunds)
      jobs.add({"refund", batch.id, batch.is_complete ? 0 : refund_delay_seconds});
    if (batch.is_complete && batch.is_check)
      jobs.add({"replacement", batch.id});
  }
}

/// Whether one of them is complete.
bool tell_of_completed(pipeline& into, const std::vector<moved_batch>& batches) {
  std::vector<std::pair<batch_id, std::string>> completed;
  for (const auto& batch : batches)
    if (batch.is_complete)
      completed.emplace_back(batch.id, batch.notify);
  add_results_mails(into, completed);
  for (const auto& [batch, address] : completed)
    tell_of_batch(into, batch);
  return !completed.empty();
}

/// The findings that count: the lease is still the caller's, and the row has no verdict yet.
struct sorted_findings {
  std::vector<const checked_row*> rows;
  std::unordered_set<uuid> lost_leases;
};

sorted_findings sort_findings(database& db, const write_verdicts& work) {
  std::map<uuid, int32_t> held;
  for (const auto& row : work.rows)
    held.emplace(row.lease.id, row.lease.generation);
  auto own = lock_row_leases(db, held);
  auto known = written_before(db, work);
  sorted_findings result;
  for (const auto& row : work.rows) {
    if (known.contains({row.batch, row.number}))
      continue;
    if (own.contains(row.lease.id))
      result.rows.push_back(&row);
    else
      result.lost_leases.insert(row.lease.id);
  }
  return result;
}

void add_findings(pipeline& into, const sorted_findings& findings, const write_verdicts& work) {
  auto verdicts = into.rows_for(insert_verdicts);
  auto codes = into.rows_for(note_codes);
  std::map<uuid, int64_t> done;
  for (const auto* row : findings.rows) {
    verdicts.add(*row);
    if (!row->code.empty())
      codes.add(*row);
    ++done[row->lease.id];
  }
  auto attempts = into.rows_for(insert_attempts);
  for (const auto& attempt : work.attempts)
    attempts.add(attempt);
  shrink_row_leases(into, done, work.lease_seconds);
}

std::map<batch_id, counters> moves_of(const sorted_findings& findings) {
  std::map<batch_id, counters> moves;
  for (const auto* row : findings.rows)
    ++moves[row->batch].at(static_cast<size_t>(row->found.what));
  return moves;
}

} // namespace

namespace {

/// Stops leasing the batch's rows, and returns how it stands then.
moved_batch stop_leasing(database& db, batch_id batch) {
  std::string key = to_string(batch);
  std::string id;
  int is_complete = 0;
  int owes = 0;
  int is_check = 0;
  moved_batch result;
  result.id = batch;
  db.session() << sql::cancel_batch, soci::use(key, "id"), soci::into(id), soci::into(is_complete),
    soci::into(owes), soci::into(result.notify), soci::into(is_check);
  result.is_complete = is_complete != 0;
  result.owes_refunds = owes != 0;
  return result;
}

} // namespace

std::optional<cancellation> cancel(database& db, const cancel_batch& wish) {
  transaction tx{db};
  std::string id = to_string(wish.batch);
  auto dealer = wish.dealer ? to_string(wish.dealer) : std::string{};
  int complete = 0;
  int cancelled = 0;
  auto& session = db.session();
  session << sql::lock_own_batch, soci::use(id, "id"), soci::use(dealer, "dealer"),
    soci::into(complete), soci::into(cancelled);
  if (!session.got_data())
    return std::nullopt;
  if (complete != 0 && cancelled == 0)
    return cancellation{false, {}};
  if (cancelled == 0) {
    std::vector<moved_batch> moved{stop_leasing(db, wish.batch)};
    pipeline followers{db};
    queue_jobs_about(followers, moved);
    tell_of_completed(followers, moved);
    followers.run();
  }
  auto due = find_refund_due(db, wish.batch);
  if (cancelled == 0 && wish.by.kind != audit_kind::none)
    write_audit_event(
      db,
      {wish.by, id, due->dealer, {}, json_object([&](json_writer& out) {
         out.member("rowsToRefund", std::ssize(due->rows)).member("unitPriceUsd", due->unit_price);
       })});
  tx.commit();
  return cancellation{true, std::move(*due)};
}

verdicts_written write_findings(database& db, const write_verdicts& work) {
  transaction tx{db};
  auto findings = sort_findings(db, work);
  pipeline rows{db};
  add_findings(rows, findings, work);
  rows.run();
  auto batches = count_verdicts(db, moves_of(findings));
  pipeline followers{db};
  queue_jobs_about(followers, batches);
  verdicts_written result;
  result.has_completed = tell_of_completed(followers, batches);
  followers.run();
  tx.commit();
  result.lost.assign(findings.lost_leases.begin(), findings.lost_leases.end());
  return result;
}

std::optional<refund_due> find_refund_due(database& db, batch_id batch) {
  auto& session = db.session();
  std::string key = to_string(batch);
  std::string dealer;
  long long price = 0;
  session << sql::find_refund_due, soci::use(key, "id"), soci::into(dealer), soci::into(price);
  if (!session.got_data())
    return std::nullopt;
  refund_due due{
    batch, dealer_id::parse(dealer).value_or(dealer_id{}), money::from_cents(price), {}};
  int number = 0;
  soci::statement rows =
    (session.prepare << sql::list_rows_owed, soci::use(key, "id"), soci::into(number));
  rows.execute();
  while (rows.fetch())
    due.rows.push_back(number);
  return due;
}

void end_refund_job(database& db, batch_id batch) {
  transaction tx{db};
  auto& session = db.session();
  std::string key = to_string(batch);
  int owed = 0;
  // The lock comes first. So verdicts that are being written are either seen here or add another
  // job.
  session << sql::lock_rows_owed, soci::use(key, "id"), soci::into(owed);
  if (owed == 0)
    end_job(db, "refund", batch.value);
  tx.commit();
}

} // namespace meisim

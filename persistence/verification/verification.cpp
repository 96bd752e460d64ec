#include "persistence/verification/verification.hpp"

#include "persistence/base/array.hpp"
#include "persistence/notify/webhook_events.hpp"
#include "persistence/verification/verification_results.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace meisim {

namespace {

struct lock_leases {
  explicit lock_leases(soci::session& sql)
    : statement(
      (sql.prepare << "WITH mine AS (SELECT l.id FROM row_leases l JOIN unnest(:ids::uuid[],"
                      " :generations::integer[]) AS e(id, generation) ON l.id = e.id"
                      " AND l.generation = e.generation ORDER BY l.id FOR UPDATE OF l)"
                      " SELECT coalesce(string_agg(id::text, ','), '') FROM mine",
       soci::use(ids, "ids"), soci::use(generations, "generations"), soci::into(locked))) {
    // nop
  }

  std::string ids, generations, locked;
  soci::statement statement;
};

struct shrink_leases {
  explicit shrink_leases(soci::session& sql)
    : statement(
      (sql.prepare
         << "WITH shrunk AS (UPDATE row_leases l SET open_rows = open_rows - e.done,"
            " lease_until = now() + :seconds * interval '1 second'"
            " FROM unnest(:ids::uuid[], :done::integer[]) AS e(id, done)"
            " WHERE l.id = e.id AND l.open_rows > e.done)"
            " DELETE FROM row_leases l USING unnest(:ids::uuid[], :done::integer[]) AS e(id, done)"
            " WHERE l.id = e.id AND l.open_rows <= e.done",
       soci::use(ids, "ids"), soci::use(done, "done"), soci::use(seconds, "seconds"))) {
    // nop
  }

  std::string ids, done;
  int seconds = 0;
  soci::statement statement;
};

struct move_counters {
  explicit move_counters(soci::session& sql)
    : statement(
      (sql.prepare
         << "UPDATE batches b SET leased_rows = b.leased_rows - e.done,"
            " available = b.available + e.available, used = b.used + e.used,"
            " invalid = b.invalid + e.invalid, error = b.error + e.error,"
            " unknown = b.unknown + e.unknown, completed_at = CASE WHEN b.available + b.used"
            " + b.invalid + b.error + b.unknown + e.done = b.total_rows THEN now() END"
            " FROM (SELECT * FROM unnest(:ids::uuid[], :available::integer[], :used::integer[],"
            " :invalid::integer[], :error::integer[], :unknown::integer[], :done::integer[])"
            " AS e(id, available, used, invalid, error, unknown, done)) AS e"
            " WHERE b.id = e.id RETURNING b.id::text, (b.completed_at IS NOT NULL)::int,"
            " (b.error > b.refunded_rows AND b.unit_price_cents > 0)::int,"
            " coalesce(b.notify_email, ''), (b.source = 'replacement')::int",
       soci::use(ids, "ids"), soci::use(counts[0], "available"), soci::use(counts[1], "used"),
       soci::use(counts[2], "invalid"), soci::use(counts[3], "error"),
       soci::use(counts[4], "unknown"), soci::use(done, "done"), soci::into(id),
       soci::into(is_complete), soci::into(owes), soci::into(notify), soci::into(is_check))) {
    // nop
  }

  std::string ids, done, id, notify;
  std::array<std::string, verdict_count> counts;
  int is_complete = 0;
  int owes = 0;
  int is_check = 0;
  soci::statement statement;
};

/// What follows from verdicts.
struct queue_followers {
  explicit queue_followers(soci::session& sql)
    : statement((sql.prepare << "INSERT INTO jobs (kind, subject, run_at) SELECT e.kind, e.id,"
                                " now() + e.delay * interval '1 second'"
                                " FROM unnest(:kinds::text[], :ids::uuid[], :delays::integer[])"
                                " AS e(kind, id, delay) ON CONFLICT (kind, subject) DO UPDATE"
                                " SET run_at = least(jobs.run_at, excluded.run_at)",
                 soci::use(kinds, "kinds"), soci::use(ids, "ids"), soci::use(delays, "delays"))) {
    // nop
  }

  std::string kinds, ids, delays;
  soci::statement statement;
};

struct insert_attempts {
  explicit insert_attempts(soci::session& sql)
    : statement(
      (sql.prepare
         << "INSERT INTO check_attempts (batch_id, row_number, attempt, device, reason)"
            " SELECT * FROM unnest(:batches::uuid[], :rows::integer[], :numbers::integer[],"
            " :devices::text[], :reasons::text[]) ON CONFLICT DO NOTHING",
       soci::use(batches, "batches"), soci::use(rows, "rows"), soci::use(numbers, "numbers"),
       soci::use(devices, "devices"), soci::use(reasons, "reasons"))) {
    // nop
  }

  std::string batches, rows, numbers, devices, reasons;
  soci::statement statement;
};

/// Refunds are gathered for a moment while a batch runs, and made at once when it ends.
constexpr int64_t refund_delay_seconds = 5;

std::unordered_set<uuid> lock_own(database& db, const write_verdicts& work) {
  std::map<uuid, int32_t> held;
  for (const auto& row : work.rows)
    held.emplace(row.lease.id, row.lease.generation);
  array_text ids, generations;
  for (auto [lease, generation] : held) {
    ids.add(id<struct lease_tag>{lease});
    generations.add(int64_t{generation});
  }
  auto& query = db.prepared<lock_leases>();
  query.ids = ids.take();
  query.generations = generations.take();
  query.statement.execute(true);
  std::unordered_set<uuid> own;
  for (auto lease : split_ids<id<struct lease_tag>>(query.locked))
    own.insert(lease.value);
  return own;
}

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

constexpr row_statement<checked_row> insert_verdicts{
  "INSERT INTO verdicts {columns} FROM unnest($1::verdict_row[])", verdict_columns};

void write_attempts(database& db, const std::vector<failed_attempt>& attempts) {
  if (attempts.empty())
    return;
  array_text batches, rows, numbers, devices, reasons;
  for (const auto& attempt : attempts) {
    batches.add(attempt.batch);
    rows.add(int64_t{attempt.number});
    numbers.add(int64_t{attempt.attempt});
    devices.add(attempt.device);
    reasons.add(attempt.reason);
  }
  auto& query = db.prepared<insert_attempts>();
  query.batches = batches.take();
  query.rows = rows.take();
  query.numbers = numbers.take();
  query.devices = devices.take();
  query.reasons = reasons.take();
  query.statement.execute(true);
}

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
    (db.session().prepare << "SELECT v.batch_id::text, v.row_number FROM verdicts v"
                             " JOIN unnest(:batches::uuid[], :rows::integer[]) AS e(id, number)"
                             " ON v.batch_id = e.id AND v.row_number = e.number",
     soci::use(of, "batches"), soci::use(numbers, "rows"), soci::into(batch), soci::into(number));
  query.execute();
  while (query.fetch())
    known.emplace(batch_id::parse(batch).value_or(batch_id{}), number);
  return known;
}

using counters = std::array<int64_t, verdict_count>;

/// Moves the counters, and sees to what follows; tells whether a batch was completed.
bool count_verdicts(database& db, const std::map<batch_id, counters>& moves) {
  auto& query = db.prepared<move_counters>();
  array_text ids, done;
  std::array<array_text, verdict_count> counts;
  for (const auto& [batch, move] : moves) {
    ids.add(batch);
    int64_t sum = 0;
    for (size_t i = 0; i < move.size(); ++i) {
      counts[i].add(move[i]);
      sum += move[i];
    }
    done.add(sum);
  }
  query.ids = ids.take();
  query.done = done.take();
  for (size_t i = 0; i < counts.size(); ++i)
    query.counts[i] = counts[i].take();
  query.statement.execute();
  array_text kinds, subjects, delays;
  bool has_jobs = false;
  auto queue = [&](std::string_view kind, batch_id batch, int64_t delay) {
    has_jobs = true;
    kinds.add(kind);
    subjects.add(batch);
    delays.add(delay);
  };
  std::vector<std::pair<batch_id, std::string>> completed;
  while (query.statement.fetch()) {
    auto batch = batch_id::parse(query.id).value_or(batch_id{});
    bool is_complete = query.is_complete != 0;
    if (query.owes != 0)
      queue("refund", batch, is_complete ? 0 : refund_delay_seconds);
    if (is_complete && query.is_check != 0)
      queue("replacement", batch, 0);
    if (is_complete)
      completed.emplace_back(batch, query.notify);
  }
  if (has_jobs) {
    auto& jobs = db.prepared<queue_followers>();
    jobs.kinds = kinds.take();
    jobs.ids = subjects.take();
    jobs.delays = delays.take();
    jobs.statement.execute(true);
  }
  pipeline messages{db};
  add_results_mails(messages, completed);
  for (const auto& [batch, address] : completed)
    tell_of_batch(messages, batch);
  messages.run();
  return !completed.empty();
}

} // namespace

verdicts_written write_findings(database& db, const write_verdicts& work) {
  transaction tx{db};
  auto own = lock_own(db, work);
  verdicts_written result;
  std::unordered_set<uuid> lost;
  std::map<uuid, int64_t> done;
  std::map<batch_id, counters> moves;
  pipeline rows{db};
  auto verdicts = rows.rows_for(insert_verdicts);
  auto known = written_before(db, work);
  for (const auto& row : work.rows) {
    if (known.contains({row.batch, row.number}))
      continue;
    if (!own.contains(row.lease.id)) {
      lost.insert(row.lease.id);
      continue;
    }
    verdicts.add(row);
    ++done[row.lease.id];
    ++moves[row.batch].at(static_cast<size_t>(row.found.what));
  }
  rows.run();
  write_attempts(db, work.attempts);
  if (!done.empty()) {
    array_text ids, counts;
    for (auto [lease, count] : done) {
      ids.add(id<struct lease_tag>{lease});
      counts.add(count);
    }
    auto& query = db.prepared<shrink_leases>();
    query.ids = ids.take();
    query.done = counts.take();
    query.seconds = work.lease_seconds;
    query.statement.execute(true);
    result.has_completed = count_verdicts(db, moves);
  }
  tx.commit();
  result.lost.assign(lost.begin(), lost.end());
  return result;
}

std::optional<refund_due> find_refund_due(database& db, batch_id batch) {
  auto& sql = db.session();
  std::string key = to_string(batch);
  std::string dealer;
  long long price = 0;
  sql << "SELECT dealer_id::text, unit_price_cents FROM batches WHERE id = :id::uuid",
    soci::use(key, "id"), soci::into(dealer), soci::into(price);
  if (!sql.got_data())
    return std::nullopt;
  refund_due due{
    batch, dealer_id::parse(dealer).value_or(dealer_id{}), money::from_cents(price), {}};
  int number = 0;
  soci::statement rows =
    (sql.prepare << "SELECT v.row_number FROM verdicts v WHERE v.batch_id = :id::uuid"
                    " AND v.verdict = 'error' AND NOT EXISTS (SELECT FROM row_refunds r"
                    " WHERE r.batch_id = v.batch_id AND r.row_number = v.row_number)"
                    " ORDER BY v.row_number",
     soci::use(key, "id"), soci::into(number));
  rows.execute();
  while (rows.fetch())
    due.rows.push_back(number);
  return due;
}

void end_refund_job(database& db, batch_id batch) {
  transaction tx{db};
  auto& sql = db.session();
  std::string key = to_string(batch);
  int owed = 0;
  // The lock comes first: verdicts that are being written are then either seen here, or ask for
  // another job.
  sql << "SELECT error - refunded_rows FROM batches WHERE id = :id::uuid FOR UPDATE",
    soci::use(key, "id"), soci::into(owed);
  if (owed == 0)
    sql << "DELETE FROM jobs WHERE kind = 'refund' AND subject = :id::uuid", soci::use(key, "id");
  tx.commit();
}

} // namespace meisim

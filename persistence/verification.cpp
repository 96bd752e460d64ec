#include "persistence/verification.hpp"

#include "persistence/array.hpp"
#include "persistence/bulk_insert.hpp"
#include "persistence/verification_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace meisim {

namespace {

constexpr size_t rows_a_fetch = 1'000;

// -- leasing --------------------------------------------------------------------------------------

struct take_over_leases {
  explicit take_over_leases(soci::session& sql)
    : statement(
      (sql.prepare
         << "UPDATE row_leases l SET owner = :owner, generation = generation + 1,"
            " interruptions = interruptions + 1,"
            " lease_until = now() + :seconds * interval '1 second'"
            " FROM (SELECT id FROM row_leases WHERE lease_until < now() ORDER BY lease_until"
            " LIMIT :leases FOR UPDATE SKIP LOCKED) AS due"
            " WHERE l.id = due.id RETURNING l.id::text, l.batch_id::text, l.first_row, l.last_row,"
            " l.generation, l.interruptions",
       soci::use(owner, "owner"), soci::use(seconds, "seconds"), soci::use(leases, "leases"),
       soci::into(id), soci::into(batch), soci::into(first), soci::into(last),
       soci::into(generation), soci::into(interruptions))) {
    // nop
  }

  std::string owner, id, batch;
  int seconds = 0;
  int leases = 0;
  int first = 0;
  int last = 0;
  int generation = 0;
  int interruptions = 0;
  soci::statement statement;
};

/// The next batch of each dealer, of the dealers that have waited longest. What is urgent comes
/// first.
struct choose_batches {
  explicit choose_batches(soci::session& sql)
    : statement((
      sql.prepare
        << "WITH open AS (SELECT id, dealer_id, source, last_leased_at,"
           " max(last_leased_at) OVER (PARTITION BY dealer_id) AS served"
           " FROM batches WHERE next_row <= total_rows),"
           " turns AS (SELECT DISTINCT ON (dealer_id) id, served FROM open"
           " ORDER BY dealer_id, (source = 'replacement') DESC, last_leased_at NULLS FIRST, id)"
           " SELECT b.id::text, b.next_row, b.total_rows FROM batches b JOIN turns t ON t.id = b.id"
           " WHERE b.next_row <= b.total_rows"
           " ORDER BY (b.source = 'replacement') DESC, t.served NULLS FIRST, b.id"
           " LIMIT :count FOR UPDATE OF b SKIP LOCKED",
      soci::use(count, "count"), soci::into(id), soci::into(next), soci::into(total))) {
    // nop
  }

  std::string id;
  int count = 0;
  int next = 0;
  int total = 0;
  soci::statement statement;
};

struct select_open_rows {
  explicit select_open_rows(soci::session& sql)
    : statement((
      sql.prepare
        << "SELECT g.place, r.row_number, r.lpa, (SELECT count(*) FROM check_attempts a"
           " WHERE a.batch_id = r.batch_id AND a.row_number = r.row_number)::integer"
           " FROM unnest(:batches::uuid[], :firsts::integer[], :lasts::integer[])"
           " WITH ORDINALITY AS g(batch_id, first, last, place)"
           " JOIN batch_rows r ON r.batch_id = g.batch_id AND r.row_number BETWEEN g.first AND g.last"
           " WHERE NOT EXISTS (SELECT FROM verdicts v WHERE v.batch_id = r.batch_id"
           " AND v.row_number = r.row_number) ORDER BY g.place, r.row_number",
      soci::use(batches, "batches"), soci::use(firsts, "firsts"), soci::use(lasts, "lasts"),
      soci::into(places), soci::into(numbers), soci::into(lpas), soci::into(attempts))) {
    // nop
  }

  void resize() {
    places.resize(rows_a_fetch);
    numbers.resize(rows_a_fetch);
    lpas.resize(rows_a_fetch);
    attempts.resize(rows_a_fetch);
  }

  std::string batches, firsts, lasts;
  std::vector<long long> places = std::vector<long long>(rows_a_fetch);
  std::vector<int> numbers = std::vector<int>(rows_a_fetch);
  std::vector<std::string> lpas = std::vector<std::string>(rows_a_fetch);
  std::vector<int> attempts = std::vector<int>(rows_a_fetch);
  soci::statement statement;
};

struct insert_leases {
  explicit insert_leases(soci::session& sql)
    : statement((
      sql.prepare
        << "WITH fresh AS (SELECT * FROM unnest(:ids::uuid[], :batches::uuid[], :firsts::integer[],"
           " :lasts::integer[], :open::integer[]) AS f(id, batch_id, first_row, last_row, open_rows)),"
           " moved AS (UPDATE batches b SET next_row = f.last_row + 1,"
           " leased_rows = b.leased_rows + f.open_rows, last_leased_at = clock_timestamp()"
           " FROM fresh f WHERE b.id = f.batch_id)"
           " INSERT INTO row_leases (id, batch_id, first_row, last_row, open_rows, owner, lease_until)"
           " SELECT id, batch_id, first_row, last_row, open_rows, :owner,"
           " now() + :seconds * interval '1 second' FROM fresh WHERE open_rows > 0",
      soci::use(ids, "ids"), soci::use(batches, "batches"), soci::use(firsts, "firsts"),
      soci::use(lasts, "lasts"), soci::use(open, "open"), soci::use(owner, "owner"),
      soci::use(seconds, "seconds"))) {
    // nop
  }

  std::string ids, batches, firsts, lasts, open, owner;
  int seconds = 0;
  soci::statement statement;
};

struct select_batch_owners {
  explicit select_batch_owners(soci::session& sql)
    : statement((sql.prepare << "SELECT id::text, dealer_id::text, (source = 'replacement')::int,"
                                " coalesce(not_on, '') FROM batches WHERE id = ANY(:ids::uuid[])",
                 soci::use(ids, "ids"), soci::into(id), soci::into(dealer), soci::into(urgent),
                 soci::into(not_on))) {
    // nop
  }

  std::string ids, id, dealer, not_on;
  int urgent = 0;
  soci::statement statement;
};

/// A range of rows on its way into a grant.
struct range {
  leased_rows chunk;
  int first = 0;
  int last = 0;
  int interruptions = 0;
};

std::vector<range> take_over(database& db, const lease_rows& wish) {
  auto& query = db.prepared<take_over_leases>();
  query.owner = wish.owner;
  query.seconds = wish.lease_seconds;
  // Leases are small, and each has at least one open row.
  query.leases = wish.count;
  query.statement.execute();
  std::vector<range> ranges;
  while (query.statement.fetch()) {
    range taken;
    taken.chunk.lease = {parse_uuid(query.id).value_or(uuid{}), query.generation};
    taken.chunk.batch = batch_id::parse(query.batch).value_or(batch_id{});
    taken.first = query.first;
    taken.last = query.last;
    taken.interruptions = query.interruptions;
    ranges.push_back(std::move(taken));
  }
  return ranges;
}

std::vector<range> take_fresh(database& db, int32_t count) {
  auto& query = db.prepared<choose_batches>();
  query.count = count;
  query.statement.execute();
  std::vector<range> ranges;
  while (query.statement.fetch()) {
    range fresh;
    fresh.chunk.lease = {make_uuid(), 1};
    fresh.chunk.batch = batch_id::parse(query.id).value_or(batch_id{});
    fresh.first = query.next;
    fresh.last = query.total;
    ranges.push_back(std::move(fresh));
  }
  if (ranges.empty())
    return ranges;
  auto share = std::max(1, count / static_cast<int32_t>(ranges.size()));
  for (auto& fresh : ranges)
    fresh.last = std::min(fresh.last, fresh.first + share - 1);
  return ranges;
}

void read_rows(database& db, std::vector<range>& ranges) {
  array_text batches, firsts, lasts;
  for (const auto& each : ranges) {
    batches.add(each.chunk.batch);
    firsts.add(int64_t{each.first});
    lasts.add(int64_t{each.last});
  }
  auto& query = db.prepared<select_open_rows>();
  query.batches = batches.take();
  query.firsts = firsts.take();
  query.lasts = lasts.take();
  query.resize();
  query.statement.execute();
  while (query.statement.fetch()) {
    for (size_t i = 0; i < query.numbers.size(); ++i) {
      auto& into = ranges.at(static_cast<size_t>(query.places[i] - 1));
      into.chunk.rows.push_back(
        {query.numbers[i], std::move(query.lpas[i]), query.attempts[i] + into.interruptions});
    }
    query.resize();
  }
}

void write_leases(database& db, const std::vector<range>& ranges, const lease_rows& wish) {
  array_text ids, batches, firsts, lasts, open;
  for (const auto& each : ranges) {
    ids.add(id<struct lease_tag>{each.chunk.lease.id});
    batches.add(each.chunk.batch);
    firsts.add(int64_t{each.first});
    lasts.add(int64_t{each.last});
    open.add(static_cast<int64_t>(each.chunk.rows.size()));
  }
  auto& query = db.prepared<insert_leases>();
  query.ids = ids.take();
  query.batches = batches.take();
  query.firsts = firsts.take();
  query.lasts = lasts.take();
  query.open = open.take();
  query.owner = wish.owner;
  query.seconds = wish.lease_seconds;
  query.statement.execute(true);
}

void name_owners(database& db, std::vector<range>& ranges) {
  std::unordered_multimap<batch_id, leased_rows*> chunks;
  array_text ids;
  for (auto& each : ranges) {
    chunks.emplace(each.chunk.batch, &each.chunk);
    ids.add(each.chunk.batch);
  }
  auto& query = db.prepared<select_batch_owners>();
  query.ids = ids.take();
  query.statement.execute();
  while (query.statement.fetch()) {
    auto [first, last] = chunks.equal_range(batch_id::parse(query.id).value_or(batch_id{}));
    for (auto each = first; each != last; ++each) {
      each->second->dealer = dealer_id::parse(query.dealer).value_or(dealer_id{});
      each->second->is_urgent = query.urgent != 0;
      each->second->not_on = query.not_on;
    }
  }
}

// -- verdicts -------------------------------------------------------------------------------------

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

void add_verdict(bulk_rows& verdicts, const checked_row& row) {
  const auto& found = row.found;
  verdicts.row(12);
  verdicts.add(row.batch);
  verdicts.add(row.number);
  verdicts.add(to_string(found.what));
  verdicts.add_optional(found.reason);
  verdicts.add_optional(found.iccid);
  verdicts.add_optional(row.device);
  verdicts.add_optional(found.seen.stage);
  verdicts.add_optional(found.seen.codes);
  if (found.seen.http_status == 0)
    verdicts.add_null();
  else
    verdicts.add(found.seen.http_status);
  verdicts.add_optional(found.seen.host);
  verdicts.add(row.begun);
  verdicts.add(row.ended);
}

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
  bulk_insert mails;
  add_results_mails(mails, completed);
  mails.run(db);
  return !completed.empty();
}

} // namespace

lease_grant lease_open_rows(database& db, const lease_rows& wish) {
  transaction tx{db};
  auto ranges = take_over(db, wish);
  auto fresh = take_fresh(db, wish.count);
  read_rows(db, fresh);
  if (!fresh.empty())
    write_leases(db, fresh, wish);
  read_rows(db, ranges);
  std::move(fresh.begin(), fresh.end(), std::back_inserter(ranges));
  name_owners(db, ranges);
  tx.commit();
  lease_grant grant;
  for (auto& each : ranges)
    if (!each.chunk.rows.empty())
      grant.chunks.push_back(std::move(each.chunk));
  return grant;
}

verdicts_written write_findings(database& db, const write_verdicts& work) {
  transaction tx{db};
  auto own = lock_own(db, work);
  verdicts_written result;
  std::unordered_set<uuid> lost;
  std::map<uuid, int64_t> done;
  std::map<batch_id, counters> moves;
  bulk_insert rows;
  auto& verdicts =
    rows.into("verdicts (batch_id, row_number, verdict, reason, iccid, device, stage,"
              " codes, http_status, host, begun_at, checked_at)");
  auto known = written_before(db, work);
  for (const auto& row : work.rows) {
    if (known.contains({row.batch, row.number}))
      continue;
    if (!own.contains(row.lease.id)) {
      lost.insert(row.lease.id);
      continue;
    }
    add_verdict(verdicts, row);
    ++done[row.lease.id];
    ++moves[row.batch].at(static_cast<size_t>(row.found.what));
  }
  rows.run(db);
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

void renew_row_leases(database& db, const renew_leases& wish) {
  array_text ids, generations;
  for (const auto& lease : wish.leases) {
    ids.add(id<struct lease_tag>{lease.id});
    generations.add(int64_t{lease.generation});
  }
  std::string leases = ids.take();
  std::string of = generations.take();
  int seconds = wish.lease_seconds;
  // Given back in good order, nothing was interrupted: the next owner counts one that was not.
  db.session() << "UPDATE row_leases l SET lease_until = now() + :seconds * interval '1 second',"
                  " interruptions = l.interruptions - (:seconds = 0)::int"
                  " FROM unnest(:ids::uuid[], :generations::integer[]) AS e(id, generation)"
                  " WHERE l.id = e.id AND l.generation = e.generation",
    soci::use(seconds, "seconds"), soci::use(leases, "ids"), soci::use(of, "generations");
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

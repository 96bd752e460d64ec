#include "persistence/verification/row_leases.hpp"

#include "persistence/base/array.hpp"
#include "persistence/verification/row_leases.sql.hpp"
#include "protocols/verification/activation_code.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace meisim {

namespace {

constexpr size_t rows_a_fetch = 1'000;

struct take_over_leases {
  explicit take_over_leases(soci::session& session)
    : statement((session.prepare << sql::take_over_leases, soci::use(owner, "owner"),
                 soci::use(seconds, "seconds"), soci::use(leases, "leases"),
                 soci::use(devices, "devices"), soci::into(id), soci::into(batch),
                 soci::into(first), soci::into(last), soci::into(generation),
                 soci::into(interruptions))) {
    // nop
  }

  std::string owner, devices, id, batch;
  int seconds = 0;
  int leases = 0;
  int first = 0;
  int last = 0;
  int generation = 0;
  int interruptions = 0;
  soci::statement statement;
};

struct choose_batches {
  explicit choose_batches(soci::session& session)
    : statement((session.prepare << sql::choose_batches, soci::use(count, "count"),
                 soci::use(devices, "devices"), soci::into(id), soci::into(next),
                 soci::into(total))) {
    // nop
  }

  std::string devices, id;
  int count = 0;
  int next = 0;
  int total = 0;
  soci::statement statement;
};

struct select_open_rows {
  explicit select_open_rows(soci::session& session)
    : statement((session.prepare << sql::list_open_rows, soci::use(batches, "batches"),
                 soci::use(firsts, "firsts"), soci::use(lasts, "lasts"), soci::into(places),
                 soci::into(numbers), soci::into(lpas), soci::into(attempts))) {
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

struct select_batch_owners {
  explicit select_batch_owners(soci::session& session)
    : statement((session.prepare << sql::list_batch_owners, soci::use(ids, "ids"), soci::into(id),
                 soci::into(dealer), soci::into(urgent), soci::into(not_on), soci::into(max_age))) {
    // nop
  }

  std::string ids, id, dealer, not_on;
  int urgent = 0;
  int max_age = 0;
  soci::statement statement;
};

struct select_earlier_verdicts {
  explicit select_earlier_verdicts(soci::session& session)
    : statement((session.prepare << sql::list_earlier_verdicts, soci::use(codes, "codes"),
                 soci::use(ages, "ages"), soci::into(place), soci::into(verdict),
                 soci::into(reason), soci::into(iccid), soci::into(device), soci::into(stage),
                 soci::into(refusal), soci::into(http_status), soci::into(host), soci::into(begun),
                 soci::into(ended))) {
    // nop
  }

  std::string codes, ages;
  long long place = 0;
  std::string verdict, reason, iccid, device, stage, refusal, host;
  int http_status = 0;
  long long begun = 0;
  long long ended = 0;
  soci::statement statement;
};

/// A range of rows on its way into a grant.
struct range {
  leased_rows chunk;
  int32_t max_age_seconds = 0;
  int first = 0;
  int last = 0;
  int interruptions = 0;
};

struct new_lease {
  const range& rows;
  const lease_rows& wish;
};

constexpr column<new_lease> new_lease_columns[] = {
  {"id", [](row_array& to, const new_lease& from) { to.add(from.rows.chunk.lease.id); }},
  {"batch_id", [](row_array& to, const new_lease& from) { to.add(from.rows.chunk.batch); }},
  {"first_row", [](row_array& to, const new_lease& from) { to.add(from.rows.first); }},
  {"last_row", [](row_array& to, const new_lease& from) { to.add(from.rows.last); }},
  {"open_rows",
   [](row_array& to, const new_lease& from) {
     to.add(static_cast<int32_t>(from.rows.chunk.rows.size()));
   }},
  {"owner", [](row_array& to, const new_lease& from) { to.add(from.wish.owner); }},
  {"seconds", [](row_array& to, const new_lease& from) { to.add(from.wish.lease_seconds); }},
};

constexpr row_statement<new_lease> insert_leases{sql::insert_leases, new_lease_columns};

/// A lease that the caller has, and for how long it keeps it.
struct kept_lease {
  uuid id;
  int32_t generation = 0;
  int32_t seconds = 0;
};

constexpr column<kept_lease> kept_lease_columns[] = {
  {"id", [](row_array& to, const kept_lease& from) { to.add(from.id); }},
  {"generation", [](row_array& to, const kept_lease& from) { to.add(from.generation); }},
  {"seconds", [](row_array& to, const kept_lease& from) { to.add(from.seconds); }},
};

constexpr row_statement<kept_lease> keep_leases{sql::renew_leases, kept_lease_columns};
constexpr row_statement<kept_lease> lock_leases{sql::lock_leases, kept_lease_columns};

struct worked_lease {
  uuid id;
  int64_t done = 0;
  int32_t seconds = 0;
};

constexpr column<worked_lease> worked_lease_columns[] = {
  {"id", [](row_array& to, const worked_lease& from) { to.add(from.id); }},
  {"done", [](row_array& to, const worked_lease& from) { to.add(from.done); }},
  {"seconds", [](row_array& to, const worked_lease& from) { to.add(from.seconds); }},
};

constexpr row_statement<worked_lease> shrink_leases{sql::shrink_leases, worked_lease_columns};

std::string names_of(const lease_rows& wish) {
  array_text names;
  for (const auto& name : wish.devices)
    names.add(name);
  return names.take();
}

std::vector<range> take_over(database& db, const lease_rows& wish) {
  auto& query = db.prepared<take_over_leases>();
  query.owner = wish.owner;
  query.seconds = wish.lease_seconds;
  // Leases are small, and each has at least one open row.
  query.leases = wish.count;
  query.devices = names_of(wish);
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

std::vector<range> take_fresh(database& db, const lease_rows& wish) {
  auto& query = db.prepared<choose_batches>();
  query.count = wish.count;
  query.devices = names_of(wish);
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
  auto share = std::max(1, wish.count / static_cast<int32_t>(ranges.size()));
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
  pipeline into{db};
  auto leases = into.rows_for(insert_leases);
  for (const auto& each : ranges)
    leases.add({each, wish});
  into.run();
}

void name_owners(database& db, std::vector<range>& ranges) {
  std::unordered_multimap<batch_id, range*> chunks;
  array_text ids;
  for (auto& each : ranges) {
    chunks.emplace(each.chunk.batch, &each);
    ids.add(each.chunk.batch);
  }
  auto& query = db.prepared<select_batch_owners>();
  query.ids = ids.take();
  query.statement.execute();
  while (query.statement.fetch()) {
    auto [first, last] = chunks.equal_range(batch_id::parse(query.id).value_or(batch_id{}));
    for (auto each = first; each != last; ++each) {
      auto& chunk = each->second->chunk;
      chunk.dealer = dealer_id::parse(query.dealer).value_or(dealer_id{});
      chunk.is_urgent = query.urgent != 0;
      chunk.not_on = query.not_on;
      each->second->max_age_seconds = query.max_age;
    }
  }
}

earlier_verdict verdict_in(const select_earlier_verdicts& query) {
  earlier_verdict result;
  result.found.what = parse_verdict(query.verdict).value_or(verdict::unknown);
  result.found.reason = query.reason;
  result.found.iccid = query.iccid;
  result.found.seen = {query.stage, query.refusal, query.http_status, query.host};
  result.device = query.device;
  result.begun = from_micros(query.begun);
  result.ended = from_micros(query.ended);
  return result;
}

/// Finds earlier verdicts for batches whose dealers accept them.
void recall_verdicts(database& db, std::vector<range>& ranges) {
  std::vector<open_row*> rows;
  array_text codes, ages;
  for (auto& each : ranges)
    for (auto& row : each.chunk.rows) {
      auto code = each.max_age_seconds > 0 ? read_activation_code(row.lpa).code : std::nullopt;
      if (!code)
        continue;
      rows.push_back(&row);
      codes.add(key_of(*code));
      ages.add(int64_t{each.max_age_seconds});
    }
  if (rows.empty())
    return;
  auto& query = db.prepared<select_earlier_verdicts>();
  query.codes = codes.take();
  query.ages = ages.take();
  query.statement.execute();
  while (query.statement.fetch())
    rows.at(static_cast<size_t>(query.place - 1))->known = verdict_in(query);
}

} // namespace

lease_grant lease_open_rows(database& db, const lease_rows& wish) {
  transaction tx{db};
  auto ranges = take_over(db, wish);
  auto fresh = take_fresh(db, wish);
  read_rows(db, fresh);
  write_leases(db, fresh, wish);
  read_rows(db, ranges);
  std::move(fresh.begin(), fresh.end(), std::back_inserter(ranges));
  name_owners(db, ranges);
  recall_verdicts(db, ranges);
  tx.commit();
  lease_grant grant;
  for (auto& each : ranges)
    if (!each.chunk.rows.empty())
      grant.chunks.push_back(std::move(each.chunk));
  return grant;
}

void renew_row_leases(database& db, const renew_leases& wish) {
  pipeline into{db};
  auto leases = into.rows_for(keep_leases);
  for (const auto& lease : wish.leases)
    leases.add({lease.id, lease.generation, wish.lease_seconds});
  into.run_as_transaction();
}

std::unordered_set<uuid> lock_row_leases(database& db, const std::map<uuid, int32_t>& held) {
  pipeline locks{db};
  auto leases = locks.rows_for(lock_leases);
  for (auto [lease, generation] : held)
    leases.add({lease, generation});
  auto locked = locks.run_for_ids();
  return {locked.begin(), locked.end()};
}

void shrink_row_leases(pipeline& into, const std::map<uuid, int64_t>& done, int32_t lease_seconds) {
  auto leases = into.rows_for(shrink_leases);
  for (auto [lease, count] : done)
    leases.add({lease, count, lease_seconds});
}

} // namespace meisim

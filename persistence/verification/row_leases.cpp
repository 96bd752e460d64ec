#include "persistence/verification/row_leases.hpp"

#include "persistence/base/array.hpp"
#include "persistence/verification/row_leases.sql.hpp"

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

struct insert_leases {
  explicit insert_leases(soci::session& session)
    : statement((session.prepare << sql::insert_leases, soci::use(ids, "ids"),
                 soci::use(batches, "batches"), soci::use(firsts, "firsts"),
                 soci::use(lasts, "lasts"), soci::use(open, "open"), soci::use(owner, "owner"),
                 soci::use(seconds, "seconds"))) {
    // nop
  }

  std::string ids, batches, firsts, lasts, open, owner;
  int seconds = 0;
  soci::statement statement;
};

struct select_batch_owners {
  explicit select_batch_owners(soci::session& session)
    : statement((session.prepare << sql::list_batch_owners, soci::use(ids, "ids"), soci::into(id),
                 soci::into(dealer), soci::into(urgent), soci::into(not_on))) {
    // nop
  }

  std::string ids, id, dealer, not_on;
  int urgent = 0;
  soci::statement statement;
};

struct lock_leases {
  explicit lock_leases(soci::session& session)
    : statement((session.prepare << sql::lock_leases, soci::use(ids, "ids"),
                 soci::use(generations, "generations"), soci::into(locked))) {
    // nop
  }

  std::string ids, generations, locked;
  soci::statement statement;
};

struct shrink_leases {
  explicit shrink_leases(soci::session& session)
    : statement((session.prepare << sql::shrink_leases, soci::use(ids, "ids"),
                 soci::use(done, "done"), soci::use(seconds, "seconds"))) {
    // nop
  }

  std::string ids, done;
  int seconds = 0;
  soci::statement statement;
};

/// A range of rows on its way into a grant.
struct range {
  leased_rows chunk;
  int first = 0;
  int last = 0;
  int interruptions = 0;
};

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

} // namespace

lease_grant lease_open_rows(database& db, const lease_rows& wish) {
  transaction tx{db};
  auto ranges = take_over(db, wish);
  auto fresh = take_fresh(db, wish);
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

void update_devices(database& db, const note_devices& here) {
  array_text names, states;
  for (const auto& device : here.devices) {
    names.add(device.name);
    states.add(to_string(device.state));
  }
  std::string all_names = names.take();
  std::string all_states = states.take();
  db.session() << sql::note_devices, soci::use(all_names, "names"), soci::use(all_states, "states");
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
  db.session() << sql::renew_leases, soci::use(seconds, "seconds"), soci::use(leases, "ids"),
    soci::use(of, "generations");
}

std::unordered_set<uuid> lock_row_leases(database& db, const std::map<uuid, int32_t>& held) {
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

void shrink_row_leases(database& db, const std::map<uuid, int64_t>& done, int32_t lease_seconds) {
  array_text ids, counts;
  for (auto [lease, count] : done) {
    ids.add(id<struct lease_tag>{lease});
    counts.add(count);
  }
  auto& query = db.prepared<shrink_leases>();
  query.ids = ids.take();
  query.done = counts.take();
  query.seconds = lease_seconds;
  query.statement.execute(true);
}

} // namespace meisim

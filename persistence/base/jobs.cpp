#include "persistence/base/jobs.hpp"

#include "persistence/base/jobs.sql.hpp"

#include <fmt/format.h>

#include <utility>

namespace meisim {

namespace {

struct new_job {
  std::string_view kind;
  uuid subject;
  std::string_view lane;
};

constexpr column<new_job> job_columns[] = {
  {"kind", [](row_array& to, const new_job& from) { to.add(from.kind); }},
  {"subject", [](row_array& to, const new_job& from) { to.add(from.subject); }},
  {"lane", [](row_array& to, const new_job& from) { to.add(from.lane); }},
};

constexpr row_statement<new_job> insert_jobs{sql::insert_jobs, job_columns};

/// Takes jobs of one lane, or of all lanes but a list of them.
template <bool IsElsewhere>
struct select_due {
  explicit select_due(soci::session& session)
    : statement(
      (session.prepare << (IsElsewhere ? sql::take_due_jobs_elsewhere : sql::take_due_jobs),
       soci::use(lease, "lease"), soci::use(kind, "kind"), soci::use(lane, "lane"),
       soci::use(count, "count"), soci::into(subject), soci::into(attempts))) {
    // nop
  }

  std::string kind, lane, subject;
  int count = 0;
  int lease = 0;
  int attempts = 0;
  soci::statement statement;
};

struct delay_job {
  explicit delay_job(soci::session& session)
    : statement((session.prepare << sql::postpone_job, soci::use(delay, "delay"),
                 soci::use(error, "error"), soci::use(kind, "kind"), soci::use(subject, "subject"),
                 soci::use(attempts, "attempts"))) {
    // nop
  }

  std::string kind, subject, error;
  int delay = 0;
  int attempts = 0;
  soci::statement statement;
};

struct renew_job {
  explicit renew_job(soci::session& session)
    : statement((session.prepare << sql::keep_job, soci::use(lease, "lease"),
                 soci::use(kind, "kind"), soci::use(subject, "subject"),
                 soci::use(attempts, "attempts"))) {
    // nop
  }

  std::string kind, subject;
  int lease = 0;
  int attempts = 0;
  soci::statement statement;
};

template <class Select>
std::vector<job> take_by(Select& query, const lease_jobs& wish, const std::string& lane) {
  query.kind = wish.kind;
  query.lane = lane;
  query.count = wish.count;
  query.lease = wish.lease_seconds;
  std::vector<job> result;
  query.statement.execute();
  while (query.statement.fetch())
    if (auto subject = parse_uuid(query.subject))
      result.push_back({*subject, query.attempts});
  return result;
}

std::vector<job> take_from_lanes(database& db, const lease_jobs& wish) {
  if (wish.other_than.empty())
    return take_by(db.prepared<select_due<false>>(), wish, wish.lane);
  return take_by(db.prepared<select_due<true>>(), wish,
                 fmt::format("{}", fmt::join(wish.other_than, ",")));
}

} // namespace

void add_job(pipeline& into, std::string_view kind, uuid subject, std::string_view lane) {
  into.rows_for(insert_jobs).add({kind, subject, lane});
}

std::vector<job> take_due_jobs(database& db, const lease_jobs& wish) {
  if (wish.kind != "fulfil")
    return take_from_lanes(db, wish);
  transaction tx{db, durability::at_once};
  auto taken = take_from_lanes(db, wish);
  tx.commit();
  return taken;
}

void postpone_due_job(database& db, const postpone_job& wish) {
  auto& query = db.prepared<delay_job>();
  query.kind = wish.kind;
  query.subject = to_string(wish.work.subject);
  query.attempts = wish.work.attempts;
  query.delay = wish.delay_seconds;
  query.error = wish.error;
  query.statement.execute(true);
}

void keep_leased_job(database& db, const keep_job& wish) {
  auto& query = db.prepared<renew_job>();
  query.kind = wish.kind;
  query.subject = to_string(wish.work.subject);
  query.attempts = wish.work.attempts;
  query.lease = wish.lease_seconds;
  query.statement.execute(true);
}

namespace {

void count_what_else(soci::session& session, job_counts& result) {
  long long mails = 0;
  long long messages = 0;
  int held = 0;
  long long proof = 0;
  long long sessions = 0;
  double standby = 0;
  long long claims = 0;
  long long token_end = 0;
  session << sql::count_what_else, soci::into(mails), soci::into(messages), soci::into(held),
    soci::into(proof), soci::into(sessions), soci::into(standby), soci::into(claims),
    soci::into(token_end);
  result.failed_mails = mails;
  result.failed_messages = messages;
  result.is_held = held != 0;
  result.proof_age_seconds = proof;
  result.database_sessions = sessions;
  result.standby_wait_seconds = standby;
  result.claims = claims;
  result.next_token_end = token_end;
}

} // namespace

job_counts counts_of_jobs(database& db, const count_jobs& question) {
  job_counts result;
  job_counts::of_kind row;
  long long count = 0;
  long long oldest = 0;
  auto& session = db.session();
  soci::statement kinds = (session.prepare << sql::count_jobs, soci::into(row.kind),
                           soci::into(count), soci::into(oldest));
  kinds.execute();
  while (kinds.fetch())
    result.kinds.push_back({row.kind, count, oldest});
  long long stuck = 0;
  session << sql::count_stuck_orders, soci::use(question.stuck_after_seconds, "stuck"),
    soci::into(stuck);
  result.stuck_orders = stuck;
  count_what_else(session, result);
  return result;
}

void end_job(database& db, const std::string& kind, uuid subject) {
  std::string id = to_string(subject);
  db.session() << sql::end_job, soci::use(kind, "kind"), soci::use(id, "subject");
}

void hold_all_jobs(database& db, const std::string& reason) {
  transaction tx{db};
  // The database may be large, and its machine still busy with what it has read back.
  allow_long_statements(db);
  auto& session = db.session();
  soci::statement hold = (session.prepare << sql::hold_all, soci::use(reason, "reason"));
  hold.execute(true);
  // A node that starts again before the release changes nothing: it has learnt nothing new of what
  // was lost.
  if (hold.get_affected_rows() > 0) {
    session << sql::note_restore;
    session << sql::pass_over_order_numbers;
  }
  tx.commit();
}

} // namespace meisim

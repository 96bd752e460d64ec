#include "persistence/base/jobs.hpp"

#include "persistence/base/jobs.sql.hpp"

namespace meisim {

namespace {

struct new_job {
  std::string_view kind;
  uuid subject;
};

constexpr column<new_job> job_columns[] = {
  {"kind", [](row_array& to, const new_job& from) { to.add(from.kind); }},
  {"subject", [](row_array& to, const new_job& from) { to.add(from.subject); }},
};

constexpr row_statement<new_job> insert_jobs{sql::insert_jobs, job_columns};

struct select_due {
  explicit select_due(soci::session& session)
    : statement((session.prepare << sql::take_due_jobs, soci::use(lease, "lease"),
                 soci::use(kind, "kind"), soci::use(count, "count"), soci::into(subject),
                 soci::into(attempts))) {
    // nop
  }

  std::string kind, subject;
  int count = 0;
  int lease = 0;
  int attempts = 0;
  soci::statement statement;
};

struct delay_job {
  explicit delay_job(soci::session& session)
    : statement((session.prepare << sql::postpone_job, soci::use(delay, "delay"),
                 soci::use(error, "error"), soci::use(kind, "kind"),
                 soci::use(subject, "subject"))) {
    // nop
  }

  std::string kind, subject, error;
  int delay = 0;
  soci::statement statement;
};

} // namespace

void add_job(pipeline& into, std::string_view kind, uuid subject) {
  into.rows_for(insert_jobs).add({kind, subject});
}

std::vector<job> take_due_jobs(database& db, const lease_jobs& wish) {
  auto& query = db.prepared<select_due>();
  query.kind = wish.kind;
  query.count = wish.count;
  query.lease = wish.lease_seconds;
  std::vector<job> result;
  query.statement.execute();
  while (query.statement.fetch())
    if (auto subject = parse_uuid(query.subject))
      result.push_back({*subject, query.attempts});
  return result;
}

void postpone_due_job(database& db, const postpone_job& wish) {
  auto& query = db.prepared<delay_job>();
  query.kind = wish.kind;
  query.subject = to_string(wish.subject);
  query.delay = wish.delay_seconds;
  query.error = wish.error;
  query.statement.execute(true);
}

void end_job(database& db, const std::string& kind, uuid subject) {
  std::string id = to_string(subject);
  db.session() << sql::end_job, soci::use(kind, "kind"), soci::use(id, "subject");
}

} // namespace meisim

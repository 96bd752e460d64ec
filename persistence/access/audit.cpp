#include "persistence/access/audit.hpp"

#include "persistence/access/audit.sql.hpp"

namespace meisim {

namespace {

constexpr column<audit_event> audit_columns[] = {
  {"actor", [](row_array& to, const audit_event& from) { to.add(from.by.actor); }},
  {"address", [](row_array& to, const audit_event& from) { to.add(from.by.address); }},
  {"request_id", [](row_array& to, const audit_event& from) { to.add(from.by.request_id); }},
  {"kind", [](row_array& to, const audit_event& from) { to.add(to_string(from.by.kind)); }},
  {"subject", [](row_array& to, const audit_event& from) { to.add(from.subject); }},
  {"dealer_id", [](row_array& to, const audit_event& from) { to.add(from.dealer); }},
  {"before", [](row_array& to, const audit_event& from) { to.add_optional_json(from.before); }},
  {"after", [](row_array& to, const audit_event& from) { to.add_optional_json(from.after); }},
};

constexpr row_statement<audit_event> insert_audit_events{sql::insert_audit_events, audit_columns};

} // namespace

void add_audit_event(pipeline& into, const audit_event& event) {
  into.rows_for(insert_audit_events).add(event);
}

void write_audit_event(database& db, const audit_event& event) {
  pipeline steps{db};
  add_audit_event(steps, event);
  steps.run();
}

audit_list audit_events_of(database& db, const list_audit& question) {
  transaction tx{db};
  plan_by_values(db);
  long long id = 0;
  long long at = 0;
  audit_entry row;
  auto since = static_cast<double>(micros(question.since)) / 1'000'000;
  long long before = question.before;
  int limit = question.limit;
  soci::statement query =
    (db.session().prepare << sql::list_audit_events, soci::use(question.actor, "actor"),
     soci::use(question.subject, "subject"), soci::use(since, "since"), soci::use(before, "before"),
     soci::use(limit, "limit"), soci::into(id), soci::into(at), soci::into(row.actor),
     soci::into(row.address), soci::into(row.request_id), soci::into(row.kind),
     soci::into(row.subject), soci::into(row.before), soci::into(row.after));
  query.execute();
  audit_list result;
  while (query.fetch()) {
    row.id = id;
    row.at = from_micros(at);
    result.events.push_back(row);
  }
  tx.commit();
  return result;
}

} // namespace meisim

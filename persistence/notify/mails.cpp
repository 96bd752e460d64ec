#include "persistence/notify/mails.hpp"

#include "persistence/base/jobs.hpp"
#include "persistence/notify/mails.sql.hpp"

namespace meisim {

namespace {

constexpr column<queued_mail> mail_columns[] = {
  {"id", [](row_array& to, const queued_mail& from) { to.add(from.id); }},
  {"recipient", [](row_array& to, const queued_mail& from) { to.add(from.recipient); }},
  {"kind", [](row_array& to, const queued_mail& from) { to.add(from.kind); }},
  {"language",
   [](row_array& to, const queued_mail& from) {
     to.add(from.language.empty() ? "en" : from.language);
   }},
  {"content", [](row_array& to, const queued_mail& from) { to.add_optional_json(from.values); }},
};

constexpr row_statement<queued_mail> insert_mails{sql::insert_mails, mail_columns};

} // namespace

void queue_mail(pipeline& into, const queued_mail& mail) {
  into.rows_for(insert_mails).add(mail);
  add_job(into, "mail", mail.id.value);
}

std::optional<queued_mail> find_mail(database& db, mail_id id) {
  std::string key = to_string(id);
  queued_mail result;
  result.id = id;
  auto& session = db.session();
  session << sql::find_mail, soci::use(key, "id"), soci::into(result.recipient),
    soci::into(result.kind), soci::into(result.language), soci::into(result.values);
  if (!session.got_data())
    return std::nullopt;
  return result;
}

void mark_mail_finished(database& db, const finish_mail& end) {
  std::string id = to_string(end.id);
  db.session() << sql::finish_mail, soci::use(end.failure, "failure"), soci::use(id, "id");
}

} // namespace meisim

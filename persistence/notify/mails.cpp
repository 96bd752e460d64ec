#include "persistence/notify/mails.hpp"

#include "persistence/base/jobs.hpp"
#include "persistence/notify/brands.hpp"
#include "persistence/notify/mails.sql.hpp"

namespace meisim {

namespace {

struct mail_row {
  const queued_mail& mail;
  order_id again_for;
};

constexpr column<mail_row> mail_columns[] = {
  {"id", [](row_array& to, const mail_row& from) { to.add(from.mail.id); }},
  {"recipient", [](row_array& to, const mail_row& from) { to.add(from.mail.recipient); }},
  {"kind", [](row_array& to, const mail_row& from) { to.add(from.mail.kind); }},
  {"language",
   [](row_array& to, const mail_row& from) {
     to.add(from.mail.language.empty() ? "en" : from.mail.language);
   }},
  {"content", [](row_array& to, const mail_row& from) { to.add_optional_json(from.mail.values); }},
  {"order_id", [](row_array& to, const mail_row& from) { to.add(from.again_for); }},
};

constexpr row_statement<mail_row> insert_mails{sql::insert_mails, mail_columns};

} // namespace

void queue_mail(pipeline& into, const queued_mail& mail, order_id again_for) {
  into.rows_for(insert_mails).add({mail, again_for});
  add_job(into, "mail", mail.id.value);
}

std::optional<queued_mail> find_mail(database& db, mail_id id) {
  std::string key = to_string(id);
  std::string dealer;
  queued_mail result;
  result.id = id;
  auto& session = db.session();
  session << sql::find_mail, soci::use(key, "id"), soci::into(result.recipient),
    soci::into(result.kind), soci::into(result.language), soci::into(result.values),
    soci::into(dealer);
  if (!session.got_data())
    return std::nullopt;
  if (auto of = dealer_id::parse(dealer))
    result.of = brand_of(db, *of);
  return result;
}

void mark_mail_finished(database& db, const finish_mail& end) {
  std::string id = to_string(end.id);
  db.session() << sql::finish_mail, soci::use(end.failure, "failure"), soci::use(id, "id");
}

} // namespace meisim

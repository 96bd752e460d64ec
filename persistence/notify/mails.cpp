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

// Each order has a mail, so these two are prepared.

struct select_mail {
  explicit select_mail(soci::session& session)
    : statement((session.prepare << sql::find_mail, soci::use(id, "id"), soci::into(mail.recipient),
                 soci::into(mail.kind), soci::into(mail.language), soci::into(mail.values),
                 soci::into(dealer))) {
    // nop
  }

  std::string id, dealer;
  queued_mail mail;
  soci::statement statement;
};

struct end_mail {
  explicit end_mail(soci::session& session)
    : statement(
      (session.prepare << sql::finish_mail, soci::use(failure, "failure"), soci::use(id, "id"))) {
    // nop
  }

  std::string failure, id;
  soci::statement statement;
};

} // namespace

void queue_mail(pipeline& into, const queued_mail& mail, order_id again_for) {
  into.rows_for(insert_mails).add({mail, again_for});
  add_job(into, "mail", mail.id.value);
}

std::optional<queued_mail> find_mail(database& db, mail_id id) {
  auto& query = db.prepared<select_mail>();
  query.id = to_string(id);
  if (!query.statement.execute(true))
    return std::nullopt;
  auto result = query.mail;
  result.id = id;
  if (auto of = dealer_id::parse(query.dealer))
    result.of = brand_of(db, *of);
  return result;
}

void mark_mail_finished(database& db, const finish_mail& end) {
  auto& query = db.prepared<end_mail>();
  query.failure = end.failure;
  query.id = to_string(end.id);
  query.statement.execute(true);
}

} // namespace meisim

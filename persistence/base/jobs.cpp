#include "persistence/base/jobs.hpp"

#include "persistence/notify/webhook_events.hpp"
#include "persistence/orders/recharges.hpp"

#include <json/reader.h>
#include <json/value.h>

#include <memory>

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

constexpr row_statement<new_job> insert_jobs{
  "INSERT INTO jobs {columns} FROM unnest($1::job_row[])", job_columns};

constexpr column<queued_mail> mail_columns[] = {
  {"id", [](row_array& to, const queued_mail& from) { to.add(from.id); }},
  {"recipient", [](row_array& to, const queued_mail& from) { to.add(from.recipient); }},
  {"kind", [](row_array& to, const queued_mail& from) { to.add(from.kind); }},
  {"language", [](row_array& to, const queued_mail& from) { to.add(from.language); }},
  {"content", [](row_array& to, const queued_mail& from) { to.add_optional_json(from.values); }},
};

constexpr row_statement<queued_mail> insert_mails{
  "INSERT INTO mails {columns} FROM unnest($1::mail_row[])", mail_columns};

// The rows are named by where they lie: joined by their keys, statistics of an empty queue would
// have each of them looked for among all.
struct select_due {
  explicit select_due(soci::session& sql)
    : statement(
      (sql.prepare << "UPDATE jobs SET run_at = now() + :lease * interval '1 second',"
                      " attempts = attempts + 1 WHERE ctid = ANY (ARRAY(SELECT ctid FROM jobs"
                      " WHERE kind = :kind AND run_at <= now() ORDER BY run_at LIMIT :count"
                      " FOR UPDATE SKIP LOCKED)) RETURNING subject::text, attempts",
       soci::use(lease, "lease"), soci::use(kind, "kind"), soci::use(count, "count"),
       soci::into(subject), soci::into(attempts))) {
    // nop
  }

  std::string kind, subject;
  int count = 0;
  int lease = 0;
  int attempts = 0;
  soci::statement statement;
};

struct delay_job {
  explicit delay_job(soci::session& sql)
    : statement((sql.prepare << "UPDATE jobs SET run_at = now() + :delay * interval '1 second',"
                                " last_error = coalesce(nullif(:error, ''), last_error)"
                                " WHERE kind = :kind AND subject = :subject::uuid",
                 soci::use(delay, "delay"), soci::use(error, "error"), soci::use(kind, "kind"),
                 soci::use(subject, "subject"))) {
    // nop
  }

  std::string kind, subject, error;
  int delay = 0;
  soci::statement statement;
};

struct select_order {
  explicit select_order(soci::session& sql)
    : statement(
      (sql.prepare << "SELECT dealer_id::text, product, status, coalesce(customer_email, ''),"
                      " coalesce(customer_name, ''), coalesce(language, ''), coalesce(imei, ''),"
                      " coalesce(eid, ''), coalesce(address::text, ''), quantity, unit_price_cents,"
                      " (posting_id IS NULL)::int, mails_customer::int, (type = 'topup')::int,"
                      " coalesce(product_name, product)"
                      " FROM orders WHERE id = :id::uuid",
       soci::use(id, "id"), soci::into(dealer), soci::into(product), soci::into(status),
       soci::into(email), soci::into(name), soci::into(language), soci::into(imei), soci::into(eid),
       soci::into(address), soci::into(quantity), soci::into(price), soci::into(on_account),
       soci::into(mails), soci::into(is_top_up), soci::into(product_name))) {
    // nop
  }

  std::string id, dealer, product, product_name, status, email, name, language, imei, eid, address;
  int quantity = 0;
  long long price = 0;
  int on_account = 0;
  int mails = 0;
  int is_top_up = 0;
  soci::statement statement;
};

struct select_deliveries {
  explicit select_deliveries(soci::session& sql)
    : statement(
      (sql.prepare << "SELECT unit, iccid, lpa, (mailed_at IS NOT NULL)::int FROM order_esims"
                      " WHERE order_id = :id::uuid ORDER BY unit",
       soci::use(id, "id"), soci::into(unit), soci::into(iccid), soci::into(lpa),
       soci::into(mailed))) {
    // nop
  }

  std::string id, iccid, lpa;
  int unit = 0;
  int mailed = 0;
  soci::statement statement;
};

struct add_delivery {
  explicit add_delivery(soci::session& sql)
    : statement(
      (sql.prepare
         << "INSERT INTO order_esims (order_id, unit, iccid, lpa) VALUES (:id::uuid, :unit,"
            " :iccid, :lpa) ON CONFLICT (order_id, unit) DO NOTHING",
       soci::use(id, "id"), soci::use(unit, "unit"), soci::use(iccid, "iccid"),
       soci::use(lpa, "lpa"))) {
    // nop
  }

  std::string id, iccid, lpa;
  int unit = 0;
  soci::statement statement;
};

struct note_mailed {
  explicit note_mailed(soci::session& sql)
    : statement(
      (sql.prepare
         << "UPDATE order_esims SET mailed_at = now() WHERE order_id = :id::uuid AND unit = :unit",
       soci::use(id, "id"), soci::use(unit, "unit"))) {
    // nop
  }

  std::string id;
  int unit = 0;
  soci::statement statement;
};

struct finish_order {
  explicit finish_order(soci::session& sql)
    : statement(
      (sql.prepare
         << "WITH ended AS (UPDATE orders o SET status = 'completed', completed_at = now(),"
            " iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id"
            " ORDER BY s.unit LIMIT 1) WHERE o.id = :id::uuid AND o.status = 'processing'"
            " RETURNING o.*),"
            " mailed AS (UPDATE order_esims SET mailed_at = now() WHERE order_id = :id::uuid"
            " AND mailed_at IS NULL),"
            " job AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid) SELECT "
         << tell_of_order
         << " FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_webhooks",
       soci::use(id, "id"))) {
    // nop
  }

  std::string id;
  soci::statement statement;
};

postal_address read_address(const std::string& text) {
  postal_address result;
  if (text.empty())
    return result;
  Json::Value root;
  Json::CharReaderBuilder builder;
  std::unique_ptr<Json::CharReader> reader{builder.newCharReader()};
  if (!reader->parse(text.data(), text.data() + text.size(), &root, nullptr) || !root.isObject())
    return result;
  result.first_name = root["first_name"].asString();
  result.last_name = root["last_name"].asString();
  result.address_line_1 = root["address_line_1"].asString();
  result.city = root["city"].asString();
  result.state = root["state"].asString();
  result.zip_code = root["zip_code"].asString();
  result.phone = root["phone"].asString();
  return result;
}

} // namespace

void add_job(pipeline& into, std::string_view kind, uuid subject) {
  into.rows_for(insert_jobs).add({kind, subject});
}

void add_mail(pipeline& into, const queued_mail& mail) {
  into.rows_for(insert_mails).add(mail);
  add_job(into, "mail", mail.id.value);
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

std::optional<order_to_fulfil> find_order(database& db, order_id id) {
  auto& query = db.prepared<select_order>();
  query.id = to_string(id);
  if (!query.statement.execute(true))
    return std::nullopt;
  order_to_fulfil result;
  result.id = id;
  result.dealer = dealer_id::parse(query.dealer).value_or(dealer_id{});
  result.product = query.product;
  result.product_name = query.product_name;
  result.status = query.status;
  result.buyer = {query.email, query.name, query.language,
                  query.imei,  query.eid,  read_address(query.address)};
  result.quantity = query.quantity;
  result.unit_price = money::from_cents(query.price);
  result.is_on_account = query.on_account != 0;
  result.mails_customer = query.mails != 0;
  if (query.is_top_up != 0) {
    result.top_up = find_recharge(db, id);
    return result;
  }
  auto& deliveries = db.prepared<select_deliveries>();
  deliveries.id = query.id;
  deliveries.statement.execute();
  while (deliveries.statement.fetch())
    result.delivered.push_back(
      {id, deliveries.unit, deliveries.iccid, deliveries.lpa, deliveries.mailed != 0});
  return result;
}

void insert_delivery(database& db, const delivered_esim& unit) {
  auto& query = db.prepared<add_delivery>();
  query.id = to_string(unit.order);
  query.unit = unit.unit;
  query.iccid = unit.iccid;
  query.lpa = unit.lpa;
  query.statement.execute(true);
}

void mark_mailed(database& db, const esim_mailed& unit) {
  auto& query = db.prepared<note_mailed>();
  query.id = to_string(unit.order);
  query.unit = unit.unit;
  query.statement.execute(true);
}

void mark_completed(database& db, order_id id) {
  auto& query = db.prepared<finish_order>();
  query.id = to_string(id);
  query.statement.execute(true);
}

void queue_mail(database& db, const queued_mail& mail) {
  std::string id = to_string(mail.id);
  std::string language = mail.language.empty() ? "en" : mail.language;
  db.session()
    << "WITH queued AS (INSERT INTO mails (id, recipient, kind, language, content) VALUES (:id::uuid,"
       " :recipient, :kind, :language, :content::jsonb) RETURNING id)"
       " INSERT INTO jobs (kind, subject, run_at) SELECT 'mail', id, now() FROM queued",
    soci::use(id, "id"), soci::use(mail.recipient, "recipient"), soci::use(mail.kind, "kind"),
    soci::use(language, "language"), soci::use(mail.values, "content");
}

std::optional<queued_mail> find_mail(database& db, mail_id id) {
  std::string key = to_string(id);
  queued_mail result;
  result.id = id;
  auto& sql = db.session();
  sql
    << "SELECT recipient, kind, language, coalesce(content::text, '{}') FROM mails WHERE id = :id::uuid",
    soci::use(key, "id"), soci::into(result.recipient), soci::into(result.kind),
    soci::into(result.language), soci::into(result.values);
  if (!sql.got_data())
    return std::nullopt;
  return result;
}

void mark_mail_finished(database& db, const finish_mail& end) {
  std::string id = to_string(end.id);
  db.session()
    << "WITH ended AS (UPDATE mails SET status = CASE WHEN :failure = '' THEN 'sent' ELSE 'failed' END,"
       " failure = nullif(:failure, ''), content = NULL, sent_at = now() WHERE id = :id::uuid)"
       " DELETE FROM jobs WHERE kind = 'mail' AND subject = :id::uuid",
    soci::use(end.failure, "failure"), soci::use(id, "id");
}

} // namespace meisim

#include "persistence/verification/verification_results.hpp"

#include "persistence/base/csv_copy.hpp"
#include "persistence/notify/mails.hpp"
#include "persistence/verification/verification_results.sql.hpp"
#include "protocols/notify/mail_content.hpp"

#include <algorithm>

namespace meisim {

namespace {

/// The variables that a batch is read into.
struct view_row {
  std::string id, label;
  int total = 0;
  int leased = 0;
  std::array<int, verdict_count> verdicts{};
  long long started = 0;
  long long completed = 0;
  long long paid = 0;
  long long refunded = 0;
  int cancelled = 0;

  batch_view view() const {
    batch_view result;
    result.id = batch_id::parse(id).value_or(batch_id{});
    result.label = label;
    result.total = total;
    result.in_progress = leased;
    std::copy(verdicts.begin(), verdicts.end(), result.verdicts.begin());
    result.started_at = from_micros(started);
    result.completed_at = from_micros(completed);
    result.paid = money::from_cents(paid);
    result.refunded = money::from_cents(refunded);
    result.cancelled = cancelled;
    return result;
  }
};

struct select_batch {
  explicit select_batch(soci::session& session)
    : statement((session.prepare << sql::find_batch, soci::use(id, "id"),
                 soci::use(dealer, "dealer"), soci::into(row.id), soci::into(row.label),
                 soci::into(row.total), soci::into(row.leased), soci::into(row.verdicts[0]),
                 soci::into(row.verdicts[1]), soci::into(row.verdicts[2]),
                 soci::into(row.verdicts[3]), soci::into(row.verdicts[4]), soci::into(row.started),
                 soci::into(row.completed), soci::into(row.paid), soci::into(row.refunded),
                 soci::into(row.cancelled))) {
    // nop
  }

  std::string id, dealer;
  view_row row;
  soci::statement statement;
};

struct select_batches {
  explicit select_batches(soci::session& session)
    : statement((session.prepare << sql::list_batches, soci::use(dealer, "dealer"),
                 soci::use(limit, "limit"), soci::use(offset, "offset"), soci::into(row.id),
                 soci::into(row.label), soci::into(row.total), soci::into(row.leased),
                 soci::into(row.verdicts[0]), soci::into(row.verdicts[1]),
                 soci::into(row.verdicts[2]), soci::into(row.verdicts[3]),
                 soci::into(row.verdicts[4]), soci::into(row.started), soci::into(row.completed),
                 soci::into(row.paid), soci::into(row.refunded), soci::into(row.cancelled))) {
    // nop
  }

  std::string dealer;
  int limit = 0;
  int offset = 0;
  view_row row;
  soci::statement statement;
};

struct count_rows {
  explicit count_rows(soci::session& session)
    : statement(
      (session.prepare << sql::count_batch_rows, soci::use(id, "id"), soci::into(total))) {
    // nop
  }

  std::string id;
  int total = 0;
  soci::statement statement;
};

} // namespace

std::optional<batch_view> find_batch_of(database& db, const find_batch& question) {
  auto& query = db.prepared<select_batch>();
  query.id = to_string(question.batch);
  query.dealer = to_string(question.dealer);
  if (!query.statement.execute(true))
    return std::nullopt;
  return query.row.view();
}

batch_page batches_of(database& db, const list_batches& question) {
  auto& query = db.prepared<select_batches>();
  query.dealer = to_string(question.dealer);
  query.limit = question.limit;
  query.offset = question.offset;
  query.statement.execute();
  batch_page page;
  while (query.statement.fetch())
    page.batches.push_back(query.row.view());
  long long total = 0;
  db.session() << sql::count_batches, soci::use(query.dealer, "dealer"), soci::into(total);
  page.total = total;
  return page;
}

csv_page results_of(database& db, const load_results& question) {
  auto& query = db.prepared<count_rows>();
  query.id = to_string(question.batch);
  if (!query.statement.execute(true))
    query.total = 0;
  csv_page page;
  int64_t total = query.total;
  page.last = std::min<int64_t>(total, question.after + question.limit);
  page.lines = copy_csv(db, sql::copy_results,
                        {{"batch", query.id},
                         {"after", std::to_string(question.after)},
                         {"last", std::to_string(page.last)}});
  page.has_more = page.last < total;
  return page;
}

std::optional<batch_report> batch_report_of(database& db, const load_batch_report& question) {
  std::string id = to_string(question.batch);
  std::string dealer;
  db.session() << sql::find_batch_dealer, soci::use(id, "id"), soci::into(dealer);
  auto batch = find_batch_of(db, {dealer_id::parse(dealer).value_or(dealer_id{}), question.batch});
  if (!batch)
    return std::nullopt;
  batch_report report{std::move(*batch), std::string{results_csv_head}};
  for (load_results page{question.batch};; page.after += page.limit) {
    auto next = results_of(db, page);
    report.csv += next.lines;
    if (std::ssize(report.csv) > question.most_csv_bytes) {
      report.csv.clear();
      return report;
    }
    if (!next.has_more)
      return report;
  }
}

std::optional<verdict_record> verdict_of(database& db, const find_verdict& question) {
  auto& session = db.session();
  std::string id = to_string(question.batch);
  int number = question.number;
  verdict_record row;
  row.batch = question.batch;
  row.number = question.number;
  long long begun = 0;
  long long checked = 0;
  int refunded = 0;
  session << sql::find_verdict, soci::use(id, "id"), soci::use(number, "number"),
    soci::into(row.lpa), soci::into(row.iccid), soci::into(row.status), soci::into(row.reason),
    soci::into(row.seen.stage), soci::into(row.seen.codes), soci::into(row.seen.http_status),
    soci::into(row.seen.host), soci::into(row.device), soci::into(begun), soci::into(checked),
    soci::into(refunded);
  if (!session.got_data())
    return std::nullopt;
  row.begun_at = from_micros(begun);
  row.checked_at = from_micros(checked);
  row.is_refunded = refunded != 0;
  attempt_record attempt;
  long long ended = 0;
  soci::statement attempts =
    (session.prepare << sql::list_attempts, soci::use(id, "id"), soci::use(number, "number"),
     soci::into(attempt.attempt), soci::into(attempt.device), soci::into(attempt.reason),
     soci::into(ended));
  attempts.execute();
  while (attempts.fetch()) {
    attempt.ended_at = from_micros(ended);
    row.attempts.push_back(attempt);
  }
  return row;
}

verdict_report report_of(database& db, const report_verdicts& question) {
  verdict_day row;
  std::array<long long, verdict_count> counts{};
  int days = question.days;
  soci::statement query =
    (db.session().prepare << sql::report_verdicts, soci::use(days, "days"), soci::into(row.day),
     soci::into(row.host), soci::into(row.device), soci::into(counts[0]), soci::into(counts[1]),
     soci::into(counts[2]), soci::into(counts[3]), soci::into(counts[4]));
  query.execute();
  verdict_report report;
  while (query.fetch()) {
    std::copy(counts.begin(), counts.end(), row.verdicts.begin());
    report.days.push_back(row);
  }
  return report;
}

void add_results_mails(pipeline& into,
                       const std::vector<std::pair<batch_id, std::string>>& completed) {
  for (const auto& [batch, address] : completed)
    if (!address.empty())
      queue_mail(into,
                 {mail_id{derive_uuid(batch.value, "results mail")}, address,
                  std::string{batch_results_mail::kind}, "en", to_json(batch_results_mail{batch})});
}

} // namespace meisim

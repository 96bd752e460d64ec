#include "persistence/orders/order_desk.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/orders/order_desk.sql.hpp"
#include "protocols/base/id_reading.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

/// The variables that an overview is read into.
struct overview_row {
  std::string id, short_id, dealer, type, product, status, failure, reference, email, last_words;
  int quantity = 0;
  long long delivered = 0;
  long long total = 0;
  long long created = 0;
  long long completed = 0;
  int attempts = 0;
  long long next_try = 0;
  long long failing = 0;
  int stuck = 0;
};

void read_into(soci::statement& statement, overview_row& row) {
  statement.exchange(soci::into(row.id));
  statement.exchange(soci::into(row.short_id));
  statement.exchange(soci::into(row.dealer));
  statement.exchange(soci::into(row.type));
  statement.exchange(soci::into(row.product));
  statement.exchange(soci::into(row.quantity));
  statement.exchange(soci::into(row.delivered));
  statement.exchange(soci::into(row.total));
  statement.exchange(soci::into(row.status));
  statement.exchange(soci::into(row.failure));
  statement.exchange(soci::into(row.reference));
  statement.exchange(soci::into(row.email));
  statement.exchange(soci::into(row.created));
  statement.exchange(soci::into(row.completed));
  statement.exchange(soci::into(row.attempts));
  statement.exchange(soci::into(row.next_try));
  statement.exchange(soci::into(row.failing));
  statement.exchange(soci::into(row.last_words));
  statement.exchange(soci::into(row.stuck));
}

order_overview overview_of(const overview_row& row) {
  return {order_id::parse(row.id).value_or(order_id{}),
          row.short_id,
          row.dealer,
          row.type,
          row.product,
          row.quantity,
          static_cast<int32_t>(row.delivered),
          money::from_cents(row.total),
          row.status,
          row.failure,
          row.reference,
          row.email,
          from_micros(row.created),
          from_micros(row.completed),
          row.attempts,
          from_micros(row.next_try),
          from_micros(row.failing),
          row.last_words,
          row.stuck != 0};
}

/// The statements' parameters, by their names.
struct filter {
  explicit filter(const find_orders& question)
    : id(question.order ? to_string(question.order) : std::string{}), status(question.status),
      dealer(question.dealer_email), quoted(question.quoted),
      since(static_cast<double>(micros(question.since)) / 1'000'000), limit(question.limit),
      stuck(question.stuck_after_seconds) {
    // nop
  }

  std::string id, status, dealer, quoted;
  double since = 0;
  int limit = 0;
  int stuck = 0;
  /// For what a customer quotes. If it is neither an id nor a short id, these match no order.
  std::string quoted_id = to_string(read_order_name(quoted).value_or(order_name{}).id);
  long long number = read_order_name(quoted) ? read_order_name(quoted)->number : -1;
};

void bind(soci::statement& statement, filter& by) {
  statement.exchange(soci::use(by.stuck, "stuck"));
  if (!by.id.empty()) {
    statement.exchange(soci::use(by.id, "id"));
    return;
  }
  statement.exchange(soci::use(by.status, "status"));
  statement.exchange(soci::use(by.dealer, "dealer"));
  if (!by.quoted.empty()) {
    statement.exchange(soci::use(by.quoted, "quoted"));
    statement.exchange(soci::use(by.quoted_id, "id"));
    statement.exchange(soci::use(by.number, "number"));
  }
  statement.exchange(soci::use(by.since, "since"));
  statement.exchange(soci::use(by.limit, "limit"));
}

std::string_view statement_for(const find_orders& question) {
  if (question.order)
    return sql::find_overview;
  if (!question.quoted.empty())
    return sql::find_quoted;
  if (question.only_stuck)
    return sql::list_stuck;
  if (question.status == "failed")
    return sql::list_failed;
  if (question.status == "revoked")
    return sql::list_revoked;
  if (question.status == "pending" || question.status == "processing")
    return sql::list_open;
  return sql::list_overviews;
}

} // namespace

order_overviews overviews_of(database& db, const find_orders& question) {
  transaction tx{db};
  plan_by_values(db);
  filter by{question};
  overview_row row;
  soci::statement statement{db.session()};
  bind(statement, by);
  read_into(statement, row);
  statement.alloc();
  statement.prepare(std::string{statement_for(question)});
  statement.define_and_bind();
  statement.execute();
  order_overviews result;
  while (statement.fetch())
    result.orders.push_back(overview_of(row));
  tx.commit();
  return result;
}

bool make_order_due(database& db, const retry_order& wish) {
  transaction tx{db, durability::at_once};
  std::string key = to_string(wish.order);
  std::string dealer;
  auto& session = db.session();
  session << sql::retry_order, soci::use(key, "id"), soci::into(dealer);
  if (!session.got_data())
    return false;
  write_audit_event(db,
                    {wish.by,
                     key,
                     dealer_id::parse(dealer).value_or(dealer_id{}),
                     {},
                     json_object([&](json_writer& out) { out.member("reason", wish.reason); })});
  tx.commit();
  return true;
}

} // namespace meisim

#include "persistence/money/history.hpp"

#include "persistence/base/csv_copy.hpp"

#include <algorithm>

namespace meisim {

namespace {

struct select_orders {
  explicit select_orders(soci::session& sql)
    : statement((
      sql.prepare
        << "SELECT id::text, type, product, coalesce(customer_reference, ''), coalesce(customer_email, ''),"
           " coalesce(iccid, ''), unit_price_cents * quantity, status,"
           " (extract(epoch FROM created_at) * 1000000)::bigint FROM orders WHERE dealer_id = :dealer::uuid"
           " ORDER BY orders.created_at DESC, orders.id DESC LIMIT :limit",
      soci::use(dealer, "dealer"), soci::use(limit, "limit"), soci::into(id), soci::into(type),
      soci::into(product), soci::into(reference), soci::into(email), soci::into(iccid),
      soci::into(amount), soci::into(status), soci::into(created))) {
    // nop
  }

  std::string dealer, id, type, product, reference, email, iccid, status;
  int limit = 0;
  long long amount = 0;
  long long created = 0;
  soci::statement statement;
};

constexpr auto entry_columns =
  "SELECT posting_id::text, seq, round(date_part('epoch', created_at) * 1000000)::bigint, type,"
  " CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END, balance_after_cents, description,"
  " coalesce(order_id::text, ''), coalesce(stripe_session, '') FROM transfers WHERE dealer_id = :dealer::uuid ";

struct select_version {
  explicit select_version(soci::session& sql)
    : statement((sql.prepare << "SELECT version FROM wallets WHERE dealer_id = :dealer::uuid",
                 soci::use(dealer, "dealer"), soci::into(version))) {
    // nop
  }

  std::string dealer;
  long long version = 0;
  soci::statement statement;
};

constexpr const char* copy_entries =
  "COPY (SELECT rfc3339(created_at), type, dollars(CASE WHEN debit_account = 'wallet'"
  " THEN -amount_cents ELSE amount_cents END), dollars(balance_after_cents),"
  " csv_text(description), order_id, csv_text(stripe_session) FROM transfers"
  " WHERE dealer_id = current_setting('meisim.dealer')::uuid"
  " AND seq > current_setting('meisim.after')::bigint"
  " AND seq <= current_setting('meisim.last')::bigint AND created_at >= timestamptz 'epoch'"
  " + current_setting('meisim.from')::bigint * interval '1 microsecond'"
  " AND created_at < timestamptz 'epoch'"
  " + current_setting('meisim.to')::bigint * interval '1 microsecond'"
  " ORDER BY seq) TO STDOUT (FORMAT csv)";

} // namespace

order_list orders_of(database& db, const list_orders& question) {
  auto& query = db.prepared<select_orders>();
  query.dealer = to_string(question.dealer);
  query.limit = question.limit;
  query.statement.execute();
  order_list result;
  while (query.statement.fetch())
    result.orders.push_back({order_id::parse(query.id).value_or(order_id{}), query.type,
                             query.product, query.reference, query.email, query.iccid,
                             money::from_cents(query.amount), query.status,
                             from_micros(query.created)});
  return result;
}

wallet_statement wallet_of(database& db, const show_wallet& question) {
  std::string dealer = to_string(question.dealer);
  int limit = question.limit;
  long long balance = 0;
  std::string posting, type, description, order, session;
  long long seq = 0;
  long long created = 0;
  long long amount = 0;
  long long after = 0;
  transaction tx{db};
  auto& sql = db.session();
  // The balance and its rows must agree with one another.
  sql << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
  sql << "SELECT balance_cents FROM wallets WHERE dealer_id = :dealer::uuid",
    soci::use(dealer, "dealer"), soci::into(balance);
  wallet_statement result;
  result.balance = money::from_cents(balance);
  soci::statement query =
    (sql.prepare << entry_columns << "ORDER BY seq DESC LIMIT :limit", soci::use(dealer, "dealer"),
     soci::use(limit, "limit"), soci::into(posting), soci::into(seq), soci::into(created),
     soci::into(type), soci::into(amount), soci::into(after), soci::into(description),
     soci::into(order), soci::into(session));
  query.execute();
  while (query.fetch())
    result.entries.push_back({posting_id::parse(posting).value_or(posting_id{}), seq,
                              from_micros(created), type, money::from_cents(amount),
                              money::from_cents(after), description, order, session});
  tx.commit();
  return result;
}

csv_page entries_of(database& db, const list_entries& question) {
  auto& wallet = db.prepared<select_version>();
  wallet.dealer = to_string(question.dealer);
  if (!wallet.statement.execute(true))
    wallet.version = 0;
  csv_page page;
  // `seq` has no gap: a page is a range of it, of which the times may leave nothing.
  page.last = std::clamp<int64_t>(wallet.version, question.after, question.after + question.limit);
  page.has_more = page.last < wallet.version;
  page.lines = copy_csv(db, copy_entries,
                        {{"dealer", wallet.dealer},
                         {"after", std::to_string(question.after)},
                         {"last", std::to_string(page.last)},
                         {"from", std::to_string(micros(question.from))},
                         {"to", std::to_string(micros(question.to))}});
  return page;
}

} // namespace meisim

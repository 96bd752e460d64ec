#include "persistence/history.hpp"

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

/// Rows of the ledger as SOCI fills them, many at a time.
struct entry_columns_buffer {
  explicit entry_columns_buffer(size_t size)
    : posting(size), type(size), description(size), order(size), session(size), seq(size),
      created(size), amount(size), balance(size) {
    // nop
  }

  void resize(size_t size) {
    posting.resize(size);
    type.resize(size);
    description.resize(size);
    order.resize(size);
    session.resize(size);
    seq.resize(size);
    created.resize(size);
    amount.resize(size);
    balance.resize(size);
  }

  void append_to(std::vector<wallet_entry>& entries) {
    for (size_t i = 0; i < seq.size(); ++i) {
      wallet_entry entry;
      entry.posting = posting_id::parse(posting[i]).value_or(posting_id{});
      entry.seq = seq[i];
      entry.created_at = from_micros(created[i]);
      entry.type = std::move(type[i]);
      entry.amount = money::from_cents(amount[i]);
      entry.balance_after = money::from_cents(balance[i]);
      entry.description = std::move(description[i]);
      entry.order = std::move(order[i]);
      entry.stripe_session = std::move(session[i]);
      entries.push_back(std::move(entry));
    }
  }

  std::vector<std::string> posting, type, description, order, session;
  std::vector<long long> seq, created, amount, balance;
};

/// Rows that are fetched from the driver at once.
constexpr size_t fetch_size = 1'000;

struct entries_query {
  entries_query(soci::session& sql, const std::string& text)
    : rows(fetch_size),
      statement((sql.prepare << text, soci::use(dealer, "dealer"), soci::use(from, "from"),
                 soci::use(to, "to"), soci::use(after, "after"), soci::use(limit, "limit"),
                 soci::into(rows.posting), soci::into(rows.seq), soci::into(rows.created),
                 soci::into(rows.type), soci::into(rows.amount), soci::into(rows.balance),
                 soci::into(rows.description), soci::into(rows.order), soci::into(rows.session))) {
    // nop
  }

  std::vector<wallet_entry> run() {
    std::vector<wallet_entry> entries;
    rows.resize(fetch_size);
    statement.execute();
    while (statement.fetch()) {
      rows.append_to(entries);
      rows.resize(fetch_size);
    }
    return entries;
  }

  std::string dealer;
  long long from = 0;
  long long to = 0;
  long long after = 0;
  int limit = 0;
  entry_columns_buffer rows;
  soci::statement statement;
};

struct select_page : entries_query {
  explicit select_page(soci::session& sql)
    : entries_query(
      sql,
      std::string{entry_columns}
        + "AND seq > :after AND created_at >= timestamptz 'epoch' + :from * interval '1 microsecond'"
          " AND created_at < timestamptz 'epoch' + :to * interval '1 microsecond'"
          " ORDER BY seq LIMIT :limit") {
    // nop
  }
};

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

wallet_statement entries_of(database& db, const list_entries& question) {
  auto& query = db.prepared<select_page>();
  query.dealer = to_string(question.dealer);
  query.from = micros(question.from);
  query.to = micros(question.to);
  query.after = question.after_seq;
  query.limit = question.limit;
  return {money{}, query.run()};
}

} // namespace meisim

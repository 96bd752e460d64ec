#include "persistence/money/history.hpp"

#include "persistence/access/credit.hpp"
#include "persistence/base/csv_copy.hpp"
#include "persistence/base/json_pages.hpp"
#include "persistence/money/history.sql.hpp"

#include <algorithm>

namespace meisim {

namespace {

struct select_version {
  explicit select_version(soci::session& session)
    : statement(
      (session.prepare << sql::find_version, soci::use(dealer, "dealer"), soci::into(version))) {
    // nop
  }

  std::string dealer;
  long long version = 0;
  soci::statement statement;
};

} // namespace

wallet_statement wallet_of(database& db, const show_wallet& question) {
  std::string dealer = to_string(question.dealer);
  int limit = question.limit;
  long long balance = 0;
  std::string posting, type, description, order, stripe;
  long long seq = 0;
  long long created = 0;
  long long amount = 0;
  long long after = 0;
  transaction tx{db};
  auto& session = db.session();
  // The balance and its rows must agree with one another.
  session << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
  session << sql::find_balance, soci::use(dealer, "dealer"), soci::into(balance);
  wallet_statement result;
  result.balance = money::from_cents(balance);
  result.credit = credit_of(db, question.dealer);
  soci::statement query =
    (session.prepare << sql::list_last_transfers, soci::use(dealer, "dealer"),
     soci::use(limit, "limit"), soci::into(posting), soci::into(seq), soci::into(created),
     soci::into(type), soci::into(amount), soci::into(after), soci::into(description),
     soci::into(order), soci::into(stripe));
  query.execute();
  while (query.fetch())
    result.entries.push_back({posting_id::parse(posting).value_or(posting_id{}), seq,
                              from_micros(created), type, money::from_cents(amount),
                              money::from_cents(after), description, order, stripe});
  tx.commit();
  return result;
}

csv_page entries_of(database& db, const list_entries& question) {
  auto& wallet = db.prepared<select_version>();
  wallet.dealer = to_string(question.dealer);
  if (!wallet.statement.execute(true))
    wallet.version = 0;
  csv_page page;
  // `seq` has no gap, so a page is a range of it. After the bounds of time nothing may be left of a
  // page.
  page.last = std::clamp<int64_t>(wallet.version, question.after, question.after + question.limit);
  page.has_more = page.last < wallet.version;
  page.lines = copy_csv(db, sql::copy_transfers,
                        {{"dealer", wallet.dealer},
                         {"after", std::to_string(question.after)},
                         {"last", std::to_string(page.last)},
                         {"from", std::to_string(micros(question.from))},
                         {"to", std::to_string(micros(question.to))}});
  return page;
}

month_statement month_of(database& db, const load_month& question) {
  std::string dealer = to_string(question.dealer);
  long long from = micros(question.from);
  long long to = micros(question.to);
  int most = question.most;
  long long first = 0, next = 0, opening = 0, closing = 0;
  transaction tx{db};
  auto& session = db.session();
  // Sums and entries must agree with one another.
  session << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
  session << sql::find_month, soci::use(dealer, "dealer"), soci::use(from, "from"),
    soci::use(to, "to"), soci::into(first), soci::into(next), soci::into(opening),
    soci::into(closing);
  month_statement result;
  result.opening = money::from_cents(opening);
  result.closing = money::from_cents(closing);
  result.count = next - first;
  std::string type, description;
  long long count = 0, created = 0, amount = 0, after = 0;
  soci::statement sums =
    (session.prepare << sql::sum_month, soci::use(dealer, "dealer"), soci::use(first, "first"),
     soci::use(next, "next"), soci::into(type), soci::into(count), soci::into(amount));
  sums.execute();
  while (sums.fetch())
    result.sums.push_back({type, count, money::from_cents(amount)});
  soci::statement entries =
    (session.prepare << sql::list_month, soci::use(dealer, "dealer"), soci::use(first, "first"),
     soci::use(next, "next"), soci::use(most, "most"), soci::into(created), soci::into(type),
     soci::into(amount), soci::into(after), soci::into(description));
  entries.execute();
  while (entries.fetch()) {
    auto& entry = result.entries.emplace_back();
    entry.created_at = from_micros(created);
    entry.type = type;
    entry.amount = money::from_cents(amount);
    entry.balance_after = money::from_cents(after);
    entry.description = description;
  }
  tx.commit();
  return result;
}

json_page browse(database& db, const browse_entries& question) {
  page_reader page{question.page};
  std::string dealer = to_string(question.dealer);
  long long from = micros(question.from);
  long long to = micros(question.to);
  bool are_few = !question.type.empty() && question.type != "debit";
  soci::statement query =
    (db.session().prepare << (are_few ? sql::browse_transfers_but_debits : sql::browse_transfers),
     soci::use(dealer, "dealer"), soci::use(page.at, "at"), soci::use(from, "from"),
     soci::use(to, "to"), soci::use(question.type, "type"), soci::use(page.most, "limit"),
     soci::into(page.item_at), soci::into(page.item_id), soci::into(page.item));
  return page.read(query);
}

} // namespace meisim

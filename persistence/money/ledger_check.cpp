#include "persistence/money/ledger_check.hpp"

#include "protocols/money/commit.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <unordered_map>

namespace meisim {

namespace {

/// A damaged ledger may differ in every row; so many sentences are enough to know.
constexpr size_t most_mismatches = 100;

constexpr size_t fetch_size = 2'000;

/// Rows of the ledger as SOCI fetches them from the cursor.
struct ledger_rows {
  std::vector<std::string> dealer, posting, type, counter, description, order, chain;
  std::vector<long long> seq, amount, balance, created;

  void resize(size_t size) {
    for (auto* column : {&dealer, &posting, &type, &counter, &description, &order, &chain})
      column->resize(size);
    for (auto* column : {&seq, &amount, &balance, &created})
      column->resize(size);
  }
};

std::optional<entry_type> parse_entry_type(std::string_view text) {
  constexpr std::array types{entry_type::debit, entry_type::topup, entry_type::refund,
                             entry_type::credit, entry_type::adjustment};
  for (auto type : types)
    if (to_string(type) == text)
      return type;
  return std::nullopt;
}

class ledger_proof {
public:
  explicit ledger_proof(database& db) : db_(db) {
    // nop
  }

  ledger_check run() {
    transaction tx{db_};
    auto& sql = db_.session();
    sql << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    sql << "SET LOCAL statement_timeout = 0";
    sql << "SET LOCAL idle_in_transaction_session_timeout = 0";
    // Everything is read.
    sql << "SET LOCAL enable_seqscan = on";
    load_wallets(sql);
    walk_transfers(sql);
    check_ends();
    check_sum(sql);
    check_owners(sql);
    check_sales(sql);
    check_batches(sql);
    check_payments(sql);
    tx.commit();
    return std::move(result_);
  }

private:
  void load_wallets(soci::session& sql) {
    std::string dealer, chain;
    long long balance = 0;
    long long version = 0;
    soci::statement query =
      (sql.prepare << "SELECT dealer_id::text, balance_cents, version, encode(chain, 'hex')"
                      " FROM wallets",
       soci::into(dealer), soci::into(balance), soci::into(version), soci::into(chain));
    query.execute();
    while (query.fetch())
      wallets_[dealer_id::parse(dealer).value_or(dealer_id{})] = {money::from_cents(balance),
                                                                  version, digest_from_hex(chain)};
    result_.wallets = static_cast<int64_t>(wallets_.size());
  }

  void walk_transfers(soci::session& sql) {
    sql
      << "DECLARE ledger CURSOR FOR SELECT dealer_id::text, seq, posting_id::text, type,"
         " CASE WHEN debit_account = 'wallet' THEN credit_account ELSE debit_account END,"
         " CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END, balance_after_cents,"
         " description, coalesce(order_id::text, ''), (extract(epoch FROM created_at) * 1000000)::bigint,"
         " encode(chain, 'hex') FROM transfers ORDER BY transfers.dealer_id, seq";
    ledger_rows rows;
    while (true) {
      rows.resize(fetch_size);
      sql << "FETCH 2000 FROM ledger", soci::into(rows.dealer), soci::into(rows.seq),
        soci::into(rows.posting), soci::into(rows.type), soci::into(rows.counter),
        soci::into(rows.amount), soci::into(rows.balance), soci::into(rows.description),
        soci::into(rows.order), soci::into(rows.created), soci::into(rows.chain);
      if (!sql.got_data() || rows.seq.empty())
        return;
      for (size_t i = 0; i < rows.seq.size(); ++i)
        check_row(rows, i);
    }
  }

  void check_row(const ledger_rows& rows, size_t i) {
    ++result_.transfers;
    auto dealer = dealer_id::parse(rows.dealer[i]).value_or(dealer_id{});
    // Rows come wallet by wallet.
    auto& before = ends_[dealer];
    auto amount = money::from_cents(rows.amount[i]);
    auto balance = money::from_cents(rows.balance[i]);
    if (rows.seq[i] != before.version + 1)
      mismatch("wallet {}: seq {} follows {}", rows.dealer[i], rows.seq[i], before.version);
    if (balance != before.balance + amount)
      mismatch("wallet {}: seq {} has balance {}, which does not follow from the one before",
               rows.dealer[i], rows.seq[i], to_string(balance));
    transfer row;
    row.seq = rows.seq[i];
    auto type = parse_entry_type(rows.type[i]);
    if (!type || !is_counter_account(*type, rows.counter[i]))
      mismatch("wallet {}: seq {} is a {} against the account {}", rows.dealer[i], rows.seq[i],
               rows.type[i], rows.counter[i]);
    row.line = {type.value_or(entry_type::debit), amount, rows.description[i],
                order_id::parse(rows.order[i]).value_or(order_id{})};
    row.balance_after = balance;
    auto chain = digest_from_hex(rows.chain[i]);
    auto posting = posting_id::parse(rows.posting[i]).value_or(posting_id{});
    if (chain != chain_transfer(before.chain, posting, dealer, row, from_micros(rows.created[i])))
      mismatch("wallet {}: seq {} does not chain to the one before", rows.dealer[i], rows.seq[i]);
    // Each row is held against the one before as it stands, so that one fault is told once.
    before = {balance, rows.seq[i], chain};
  }

  void check_ends() {
    for (const auto& [dealer, wallet] : wallets_) {
      const auto& end = ends_[dealer];
      if (wallet.balance != end.balance)
        mismatch("wallet {}: balance {} but its last transfer left {}", to_string(dealer),
                 to_string(wallet.balance), to_string(end.balance));
      if (wallet.version != end.version)
        mismatch("wallet {}: version {} but its last transfer is {}", to_string(dealer),
                 wallet.version, end.version);
      if (wallet.chain != end.chain)
        mismatch("wallet {}: its chain value is not that of its last transfer", to_string(dealer));
    }
  }

  void check_sum(soci::session& sql) {
    std::string sum;
    sql
      << "SELECT ((SELECT coalesce(sum(balance_cents), 0) FROM wallets) + coalesce(sum(CASE WHEN debit_account ="
         " 'wallet' THEN amount_cents ELSE -amount_cents END), 0))::text FROM transfers",
      soci::into(sum);
    if (sum != "0")
      mismatch("all accounts sum to {} cents, not to zero", sum);
  }

  /// What the order path does not pay a foreign key for.
  void check_owners(soci::session& sql) {
    long long postings = 0;
    long long orders = 0;
    long long transfers = 0;
    long long usages = 0;
    long long nameless = 0;
    sql << "SELECT count(*) FROM transfers t WHERE NOT EXISTS"
           " (SELECT FROM postings p WHERE p.id = t.posting_id AND p.dealer_id = t.dealer_id)",
      soci::into(transfers);
    sql << "SELECT count(*) FROM usages u WHERE NOT EXISTS"
           " (SELECT FROM postings p WHERE p.id = u.posting_id AND p.dealer_id = u.dealer_id)",
      soci::into(usages);
    sql << "SELECT count(*) FROM postings p WHERE NOT EXISTS"
           " (SELECT FROM wallets w WHERE w.dealer_id = p.dealer_id)",
      soci::into(postings);
    sql << "SELECT count(*) FROM orders o WHERE o.posting_id IS NOT NULL AND NOT EXISTS"
           " (SELECT FROM postings p WHERE p.id = o.posting_id AND p.dealer_id = o.dealer_id)",
      soci::into(orders);
    sql << "SELECT count(*) FROM usages u WHERE NOT EXISTS"
           " (SELECT FROM skus s WHERE s.id = u.sku_id)",
      soci::into(nameless);
    if (nameless > 0)
      mismatch("{} purchases are of no SKU", nameless);
    if (transfers > 0)
      mismatch("{} transfers stem from no posting of their dealer", transfers);
    if (usages > 0)
      mismatch("{} purchases were paid by no posting of their dealer", usages);
    if (postings > 0)
      mismatch("{} postings belong to no wallet", postings);
    if (orders > 0)
      mismatch("{} orders were paid by no posting of their dealer", orders);
  }

  /// What was bought or handed out is sold, each eSIM to one, and nothing else is.
  void check_sales(soci::session& sql) {
    long long twice = 0;
    long long unlike = 0;
    long long marks = 0;
    sql
      << "SELECT count(*) FILTER (WHERE h.times > 1), count(*) FILTER"
         " (WHERE h.times IS NULL OR NOT s.is_sold IS TRUE), count(*) FILTER (WHERE s.is_sold)"
         " - (SELECT coalesce(sum(bit_count(places)), 0) FROM inventory_sold)::bigint"
         " FROM (SELECT id, count(*) AS times FROM (SELECT unnest(inventory_ids) AS id FROM usages"
         " UNION ALL SELECT replacement_id FROM replacement_checks"
         " WHERE replacement_id IS NOT NULL) AS buyers GROUP BY id) AS h"
         " FULL JOIN (SELECT id, is_sold FROM stock WHERE is_sold) AS s USING (id)",
      soci::into(twice), soci::into(unlike), soci::into(marks);
    if (twice > 0)
      mismatch("{} eSIMs were sold twice", twice);
    if (unlike > 0)
      mismatch("{} eSIMs are sold to nobody, or bought but not sold", unlike);
    if (marks != 0)
      mismatch("{} places are sold that hold no eSIM", -marks);
  }

  /// Card payments: what each did to its wallet stands in the ledger, and adds up to what it says.
  void check_payments(soci::session& sql) {
    long long unlike = 0;
    long long miscounted = 0;
    long long unexplained = 0;
    sql << "SELECT count(*) FROM stripe_movements m JOIN stripe_payments p ON p.id = m.payment_id"
           " LEFT JOIN (SELECT posting_id, dealer_id, sum(CASE WHEN debit_account = 'wallet'"
           " THEN -amount_cents ELSE amount_cents END) AS amount FROM transfers"
           " WHERE posting_id IN (SELECT posting_id FROM stripe_movements) GROUP BY 1, 2) AS t"
           " ON t.posting_id = m.posting_id AND t.dealer_id = p.dealer_id"
           " WHERE t.amount IS DISTINCT FROM m.amount_cents",
      soci::into(unlike);
    sql << "SELECT count(*) FROM stripe_payments p LEFT JOIN (SELECT payment_id,"
           " sum(amount_cents) FILTER (WHERE cause = 'paid') AS paid,"
           " coalesce(sum(amount_cents) FILTER (WHERE cause <> 'paid'), 0) AS rest"
           " FROM stripe_movements GROUP BY payment_id) AS m ON m.payment_id = p.id"
           " WHERE m.paid IS DISTINCT FROM CASE WHEN p.credited THEN p.net_cents END"
           " OR coalesce(m.rest, 0) <> -p.reversed_cents",
      soci::into(miscounted);
    sql << "SELECT count(*) FROM postings p WHERE p.kind IN ('stripe_credit', 'stripe_reversal')"
           " AND NOT EXISTS (SELECT FROM stripe_movements m WHERE m.posting_id = p.id)",
      soci::into(unexplained);
    if (unlike > 0)
      mismatch("{} card movements stand otherwise in the ledger", unlike);
    if (miscounted > 0)
      mismatch("{} card payments are credited or reversed otherwise than they say", miscounted);
    if (unexplained > 0)
      mismatch("{} card postings belong to no payment", unexplained);
  }

  void check_batches(soci::session& sql) {
    long long miscounted = 0;
    long long misrefunded = 0;
    sql
      << "SELECT count(*) FROM batches b LEFT JOIN (SELECT batch_id, count(*) AS rows FROM verdicts"
         " GROUP BY batch_id) AS v ON v.batch_id = b.id WHERE coalesce(v.rows, 0)"
         " <> b.available + b.used + b.invalid + b.error + b.unknown",
      soci::into(miscounted);
    sql << "SELECT count(*) FROM batches b LEFT JOIN (SELECT batch_id, count(*) AS rows"
           " FROM row_refunds GROUP BY batch_id) AS r ON r.batch_id = b.id"
           " WHERE coalesce(r.rows, 0) <> b.refunded_rows OR b.refunded_rows > b.error",
      soci::into(misrefunded);
    if (miscounted > 0)
      mismatch("{} batches count other verdicts than they have", miscounted);
    if (misrefunded > 0)
      mismatch("{} batches gave back other rows than they count", misrefunded);
  }

  template <class... Ts>
  void mismatch(fmt::format_string<Ts...> form, Ts&&... values) {
    if (result_.mismatches.size() < most_mismatches)
      result_.mismatches.push_back(fmt::format(form, std::forward<Ts>(values)...));
  }

  database& db_;
  ledger_check result_;
  std::unordered_map<dealer_id, wallet_position> wallets_;
  std::unordered_map<dealer_id, wallet_position> ends_;
};

} // namespace

ledger_check prove_ledger(database& db) {
  return ledger_proof{db}.run();
}

} // namespace meisim

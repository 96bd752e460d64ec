#include "persistence/money/ledger_check.hpp"

#include "persistence/money/ledger_check.sql.hpp"
#include "protocols/money/commit.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <unordered_map>

namespace meisim {

namespace {

/// A damaged ledger may differ in every row; so many sentences are enough to know.
constexpr size_t most_mismatches = 100;

/// So many rows at a time; fetch_ledger asks for as many.
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

/// What a statement counts, as a sentence goes on after the number.
struct misfit_count {
  const char* statement;
  std::string_view sentence;
};

constexpr misfit_count counts_of_misfits[] = {
  // What the order path does not pay a foreign key for.
  {sql::count_usages_without_sku, "purchases are of no SKU"},
  {sql::count_transfers_without_posting, "transfers stem from no posting of their dealer"},
  {sql::count_usages_without_posting, "purchases were paid by no posting of their dealer"},
  {sql::count_postings_without_wallet, "postings belong to no wallet"},
  {sql::count_orders_without_posting, "orders were paid by no posting of their dealer"},
  // What is counted stands in the rows that were counted.
  {sql::count_batches_unlike_verdicts, "batches count other verdicts than they have"},
  {sql::count_batches_unlike_refunds, "batches gave back other rows than they count"},
  // What a card payment did to its wallet stands in the ledger, and adds up to what it says.
  {sql::count_card_postings_unlike_ledger, "card postings stand otherwise in the ledger"},
  {sql::count_payments_unlike_movements,
   "card payments are credited or reversed otherwise than they say"},
  {sql::count_card_postings_without_payment, "card postings belong to no payment"},
};

class ledger_proof {
public:
  explicit ledger_proof(database& db) : db_(db) {
    // nop
  }

  ledger_check run() {
    transaction tx{db_};
    auto& session = db_.session();
    session << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    session << "SET LOCAL statement_timeout = 0";
    session << "SET LOCAL idle_in_transaction_session_timeout = 0";
    // Everything is read.
    session << "SET LOCAL enable_seqscan = on";
    load_wallets(session);
    walk_transfers(session);
    check_ends();
    check_sum(session);
    check_sales(session);
    check_counts(session);
    tx.commit();
    return std::move(result_);
  }

private:
  void load_wallets(soci::session& session) {
    std::string dealer, chain;
    long long balance = 0;
    long long version = 0;
    soci::statement query = (session.prepare << sql::list_wallets, soci::into(dealer),
                             soci::into(balance), soci::into(version), soci::into(chain));
    query.execute();
    while (query.fetch())
      wallets_[dealer_id::parse(dealer).value_or(dealer_id{})] = {money::from_cents(balance),
                                                                  version, digest_from_hex(chain)};
    result_.wallets = static_cast<int64_t>(wallets_.size());
  }

  void walk_transfers(soci::session& session) {
    session << sql::declare_ledger;
    ledger_rows rows;
    while (true) {
      rows.resize(fetch_size);
      session << sql::fetch_ledger, soci::into(rows.dealer), soci::into(rows.seq),
        soci::into(rows.posting), soci::into(rows.type), soci::into(rows.counter),
        soci::into(rows.amount), soci::into(rows.balance), soci::into(rows.description),
        soci::into(rows.order), soci::into(rows.created), soci::into(rows.chain);
      if (!session.got_data() || rows.seq.empty())
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

  void check_sum(soci::session& session) {
    std::string sum;
    session << sql::sum_accounts, soci::into(sum);
    if (sum != "0")
      mismatch("all accounts sum to {} cents, not to zero", sum);
  }

  /// What was bought or handed out is sold, each eSIM to one, and nothing else is.
  void check_sales(soci::session& session) {
    long long twice = 0;
    long long unlike = 0;
    long long empty = 0;
    session << sql::count_sales, soci::into(twice), soci::into(unlike), soci::into(empty);
    if (twice > 0)
      mismatch("{} eSIMs were sold twice", twice);
    if (unlike > 0)
      mismatch("{} eSIMs are sold to nobody, or bought but not sold", unlike);
    if (empty != 0)
      mismatch("{} places are sold that hold no eSIM", empty);
  }

  void check_counts(soci::session& session) {
    for (const auto& [statement, sentence] : counts_of_misfits) {
      long long count = 0;
      session << statement, soci::into(count);
      if (count > 0)
        mismatch("{} {}", count, sentence);
    }
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

#include "persistence/money/ledger_check.hpp"

#include "persistence/money/effects.hpp"
#include "persistence/money/ledger_check.sql.hpp"
#include "protocols/money/commit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

namespace meisim {

namespace {

/// A damaged ledger may differ in every row. So many sentences are enough to know that.
constexpr size_t most_mismatches = 100;

/// So many rows at a time; fetch_ledger asks for as many.
constexpr size_t fetch_size = 2'000;

/// Rows of the ledger as SOCI fetches them from the cursor.
struct ledger_rows {
  std::vector<std::string> dealer, posting, type, counter, description, order, reference, chain;
  std::vector<long long> seq, amount, balance, created;

  void resize(size_t size) {
    for (auto* column :
         {&dealer, &posting, &type, &counter, &description, &order, &reference, &chain})
      column->resize(size);
    for (auto* column : {&seq, &amount, &balance, &created})
      column->resize(size);
  }
};

/// What a statement counts, in the words that follow the number in a sentence.
struct misfit_count {
  const char* statement;
  std::string_view sentence;
};

constexpr std::string_view unlike_refunds = "orders were given back otherwise than they ended";

/// These are counted over the whole ledger.
constexpr misfit_count counts_of_misfits[] = {
  // References without a foreign key, which would slow down the order path.
  {sql::count_usages_without_sku, "purchases are of no SKU"},
  {sql::count_transfers_without_posting, "transfers stem from no posting of their dealer"},
  {sql::count_transfers_without_wallet, "transfers belong to no wallet"},
  {sql::count_postings_without_transfer, "postings have not the transfer that they end with"},
  {sql::count_usages_without_posting, "purchases were paid by no posting of their dealer"},
  {sql::count_postings_without_wallet, "postings belong to no wallet"},
  {sql::count_orders_without_posting, "orders were paid by no posting of their dealer"},
  {sql::count_orders_unlike_refunds, unlike_refunds},
  {sql::count_refunds_without_order, "refunds are of no order of their dealer"},
  {sql::count_row_refunds_without_posting, "rows of batches were given back by no posting"},
  {sql::count_credit_unlike_orders,
   "credit accounts are used otherwise than by orders on account less settlements"},
  // Counters agree with the rows that they count.
  {sql::count_batches_unlike_verdicts, "batches count other verdicts than they have"},
  {sql::count_batches_unlike_refunds, "batches gave back other rows than they count"},
  // What a card payment did to its wallet stands in the ledger, and adds up.
  {sql::count_card_postings_unlike_ledger, "card postings stand otherwise in the ledger"},
  {sql::count_payments_unlike_movements,
   "card payments are credited or reversed otherwise than they say"},
  {sql::count_card_postings_without_payment, "card postings belong to no payment"},
};

/// What compare_postings counts, in its order.
constexpr std::array<std::string_view, 7> misfits_of_postings{
  "postings end with another transfer than they say",
  "postings moved money on an account that is not their kind's",
  "postings have not made what they were for",
  "orders were paid otherwise than price times quantity",
  "purchases were paid otherwise than price times quantity, less what was not delivered",
  "batches were paid otherwise than price times rows",
  "refunds of rows are not their price",
};

/// What stands opposite the wallet in the postings of each kind.
struct kinds_and_accounts {
  std::string kinds, accounts;

  kinds_and_accounts() {
    for (const auto* kind : effect_kinds()) {
      kinds += fmt::format("{}{}", kinds.empty() ? "" : ",", kind->name);
      accounts += fmt::format("{}{}", accounts.empty() ? "" : ",", kind->account);
    }
  }
};

class ledger_proof {
public:
  ledger_proof(database& db, const check_ledger& wish) : db_(db), wish_(wish) {
    // nop
  }

  ledger_check run() {
    transaction tx{db_};
    auto& session = db_.session();
    session << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    session << "SET LOCAL statement_timeout = 0";
    session << "SET LOCAL idle_in_transaction_session_timeout = 0";
    // Either everything is read, or only a little at the end, which must not cost a look at
    // everything.
    if (!wish_.since_last)
      session << "SET LOCAL enable_seqscan = on";
    session << sql::lock_proofs;
    choose_scope(session);
    load_positions(session, sql::list_wallets, wallets_);
    result_.wallets = static_cast<int64_t>(wallets_.size());
    walk_transfers(session);
    check_ends();
    count_misfits(session, sql::count_proved_gone,
                  "wallets have not what was proved of them before");
    compare_postings(session);
    if (wish_.since_last)
      count_misfits(session, sql::count_moved_orders_unlike_refunds, unlike_refunds);
    else
      check_whole(session);
    session << sql::clear_scope;
    if (result_.mismatches.empty())
      end_well(session);
    tx.commit();
    return std::move(result_);
  }

private:
  void choose_scope(soci::session& session) {
    int since_last = wish_.since_last ? 1 : 0;
    session << sql::choose_scope, soci::use(since_last, "since_last");
    session << sql::analyze_scope;
    if (wish_.since_last)
      session << sql::look_up_each;
    load_positions(session, wish_.since_last ? sql::list_proved : sql::list_archived, ends_);
  }

  void check_whole(soci::session& session) {
    check_sum(session);
    check_sales(session);
    for (const auto& [statement, sentence] : counts_of_misfits)
      count_misfits(session, statement, sentence);
  }

  void end_well(soci::session& session) {
    session << sql::keep_proof;
    if (!wish_.tells_heads)
      return;
    for (const auto& [dealer, wallet] : wallets_)
      if (wallet.version > 0)
        result_.heads.push_back({dealer, wallet.version, to_hex(wallet.chain)});
    std::ranges::sort(result_.heads, {}, [](const auto& head) { return to_string(head.dealer); });
  }

  using positions = std::unordered_map<dealer_id, wallet_position>;

  static void load_positions(soci::session& session, const char* statement, positions& into) {
    std::string dealer, chain;
    long long balance = 0;
    long long version = 0;
    soci::statement query = (session.prepare << statement, soci::into(dealer), soci::into(version),
                             soci::into(balance), soci::into(chain));
    query.execute();
    while (query.fetch())
      into[dealer_id::parse(dealer).value_or(dealer_id{})] = {money::from_cents(balance), version,
                                                              digest_from_hex(chain)};
  }

  void walk_transfers(soci::session& session) {
    session << (wish_.since_last ? sql::declare_moved_ledger : sql::declare_ledger);
    ledger_rows rows;
    while (true) {
      rows.resize(fetch_size);
      session << sql::fetch_ledger, soci::into(rows.dealer), soci::into(rows.seq),
        soci::into(rows.posting), soci::into(rows.type), soci::into(rows.counter),
        soci::into(rows.amount), soci::into(rows.balance), soci::into(rows.description),
        soci::into(rows.order), soci::into(rows.reference), soci::into(rows.created),
        soci::into(rows.chain);
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
    // Which account the other types may use depends on their posting's kind.
    auto only = counter_account(type.value_or(entry_type::debit), std::string_view{});
    if (!type || (!only.empty() && only != rows.counter[i]))
      mismatch("wallet {}: seq {} is a {} against the account {}", rows.dealer[i], rows.seq[i],
               rows.type[i], rows.counter[i]);
    row.line = {type.value_or(entry_type::debit), amount, rows.description[i],
                order_id::parse(rows.order[i]).value_or(order_id{})};
    row.balance_after = balance;
    auto chain = digest_from_hex(rows.chain[i]);
    auto posting = posting_id::parse(rows.posting[i]).value_or(posting_id{});
    transfer_sides sides{rows.counter[i], rows.reference[i]};
    auto at = from_micros(rows.created[i]);
    if (chain != chain_transfer(before.chain, posting, dealer, row, sides, at))
      mismatch("wallet {}: seq {} does not chain to the one before", rows.dealer[i], rows.seq[i]);
    // Each row is compared with the one before as it stands, so one fault is told once.
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

  /// Every eSIM that was bought or handed out is sold, to one dealer only, and no other eSIM is
  /// sold.
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

  void compare_postings(soci::session& session) {
    std::array<long long, misfits_of_postings.size()> counts{};
    kinds_and_accounts known;
    soci::statement query{session};
    query.exchange(soci::use(known.kinds, "kinds"));
    query.exchange(soci::use(known.accounts, "accounts"));
    for (auto& count : counts)
      query.exchange(soci::into(count));
    query.alloc();
    query.prepare(sql::compare_postings);
    query.define_and_bind();
    query.execute(true);
    for (size_t i = 0; i < counts.size(); ++i)
      tell(counts[i], misfits_of_postings[i]);
  }

  void count_misfits(soci::session& session, const char* statement, std::string_view sentence) {
    long long count = 0;
    session << statement, soci::into(count);
    tell(count, sentence);
  }

  void tell(long long count, std::string_view sentence) {
    if (count > 0)
      mismatch("{} {}", count, sentence);
  }

  template <class... Ts>
  void mismatch(fmt::format_string<Ts...> form, Ts&&... values) {
    if (result_.mismatches.size() < most_mismatches)
      result_.mismatches.push_back(fmt::format(form, std::forward<Ts>(values)...));
  }

  database& db_;
  check_ledger wish_;
  ledger_check result_;
  positions wallets_;
  /// Where each wallet's walk stands. It begins where the last proof ended, or where the archive
  /// ends.
  positions ends_;
};

struct select_head {
  explicit select_head(soci::session& session)
    : statement((session.prepare << sql::has_transfer, soci::use(dealer, "dealer"),
                 soci::use(seq, "seq"), soci::use(chain, "chain"), soci::into(found))) {
    // nop
  }

  std::string dealer, chain;
  long long seq = 0;
  long long found = 0;
  soci::statement statement;
};

} // namespace

ledger_check prove_ledger(database& db, const check_ledger& wish) {
  return ledger_proof{db, wish}.run();
}

ledger_check hold_against(database& db, const std::vector<wallet_head>& heads) {
  ledger_check result;
  auto& query = db.prepared<select_head>();
  for (const auto& head : heads) {
    query.dealer = to_string(head.dealer);
    query.seq = head.seq;
    query.chain = head.chain;
    query.statement.execute(true);
    ++result.wallets;
    if (query.found == 0 && result.mismatches.size() < most_mismatches)
      result.mismatches.push_back(
        fmt::format("wallet {}: the transfer {} that it ended with is not there any more",
                    query.dealer, head.seq));
  }
  return result;
}

} // namespace meisim

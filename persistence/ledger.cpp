#include "persistence/ledger.hpp"

#include "persistence/array.hpp"
#include "persistence/bulk_insert.hpp"
#include "persistence/effects.hpp"
#include "persistence/webhook_events.hpp"

#include <map>
#include <unordered_set>

namespace meisim {

namespace {

// -- statements
// -------------------------------------------------------------------------------------------------------

/// Moves each wallet that stands where it is expected; tells how many did, and whose webhooks want
/// to know.
struct move_wallets {
  explicit move_wallets(soci::session& sql)
    : statement((
      sql.prepare
        << "WITH moved AS (UPDATE wallets w SET balance_cents = m.balance, version = m.version, chain = m.chain"
           " FROM unnest(:dealers::uuid[], :expected::bigint[], :expected_chains::bytea[],"
           " :balances::bigint[], :versions::bigint[], :chains::bytea[])"
           " AS m(dealer, expected, expected_chain, balance, version, chain)"
           " WHERE w.dealer_id = m.dealer AND w.version = m.expected"
           " AND w.chain = m.expected_chain RETURNING w.dealer_id, w.has_webhooks)"
           " SELECT count(*), coalesce(string_agg(dealer_id::text, ',') FILTER"
           " (WHERE has_webhooks), '') FROM moved",
      soci::use(dealers, "dealers"), soci::use(expected, "expected"),
      soci::use(expected_chains, "expected_chains"), soci::use(balances, "balances"),
      soci::use(versions, "versions"), soci::use(chains, "chains"), soci::into(moved),
      soci::into(listeners))) {
    // nop
  }

  std::string dealers, expected, expected_chains, balances, versions, chains, listeners;
  long long moved = 0;
  soci::statement statement;
};

/// Which of these wallets stand at the end of the given chains.
struct select_moved {
  explicit select_moved(soci::session& sql)
    : statement(
      (sql.prepare << "SELECT coalesce(string_agg(w.dealer_id::text, ','), '') FROM wallets w"
                      " JOIN unnest(:dealers::uuid[], :chains::bytea[]) AS m(dealer, chain)"
                      " ON w.dealer_id = m.dealer AND w.chain = m.chain",
       soci::use(dealers, "dealers"), soci::use(chains, "chains"), soci::into(moved))) {
    // nop
  }

  std::string dealers, chains, moved;
  soci::statement statement;
};

struct select_position {
  explicit select_position(soci::session& sql)
    : statement((sql.prepare << "SELECT balance_cents, version, encode(chain, 'hex') FROM wallets"
                                " WHERE dealer_id = :dealer::uuid",
                 soci::use(dealer, "dealer"), soci::into(balance), soci::into(version),
                 soci::into(chain))) {
    // nop
  }

  std::string dealer, chain;
  long long balance = 0;
  long long version = 0;
  soci::statement statement;
};

constexpr auto receipt_columns =
  "SELECT id::text, code, answer, coalesce(encode(request_hash, 'hex'), '') FROM postings ";

struct select_receipt {
  explicit select_receipt(soci::session& sql)
    : statement((sql.prepare << receipt_columns
                             << "WHERE dealer_id = :dealer::uuid AND idempotency_key = :key"
                                // A card payment's key is taken too, by another request than any
                                // that comes here.
                                " UNION ALL SELECT id::text, 0, '', encode(request_hash, 'hex')"
                                " FROM stripe_payments WHERE dealer_id = :dealer::uuid"
                                " AND idempotency_key = :key",
                 soci::use(dealer, "dealer"), soci::use(key, "key"), soci::into(id),
                 soci::into(code), soci::into(answer), soci::into(hash))) {
    // nop
  }

  std::string dealer, key, id, answer, hash;
  int code = 0;
  soci::statement statement;
};

stored_receipt make_stored(const std::string& id, int code, std::string answer, std::string hash) {
  stored_receipt result;
  result.what.id = posting_id::parse(id).value_or(posting_id{});
  result.what.code = static_cast<ec>(code);
  result.what.body = std::move(answer);
  result.request_hash = std::move(hash);
  return result;
}

// -- one transaction
// --------------------------------------------------------------------------------------------------

/// A batch on its way through the transaction: which postings are still in it.
class batch_commit {
public:
  batch_commit(database& db, decided_postings batch)
    : db_(db), batch_(batch), results_(batch.size(), commit_result::committed) {
    // nop
  }

  std::vector<commit_result> run() {
    transaction tx{db_};
    drop_stale_effects();
    move();
    bulk_insert rows;
    add_postings(rows.into("postings (id, dealer_id, kind, code, answer, idempotency_key,"
                           " request_hash, created_at)"));
    add_transfers(rows.into("transfers (dealer_id, seq, posting_id, type, debit_account,"
                            " credit_account, amount_cents, balance_after_cents, description,"
                            " order_id, stripe_session, created_at, chain)"));
    add_effects(rows, remaining());
    rows.run(db_);
    write_effects(db_, remaining());
    tell_of_wallets(db_, remaining(), listeners_);
    tx.commit();
    return std::move(results_);
  }

private:
  /// Takes a posting out; those that its wallet decided after it stood on it and go too.
  void drop_from(size_t index, commit_result why) {
    results_[index] = why;
    for (size_t i = index + 1; i < batch_.size(); ++i)
      if (batch_[i]->what.dealer == batch_[index]->what.dealer
          && results_[i] == commit_result::committed)
        results_[i] = commit_result::wallet_conflict;
  }

  void drop_stale_effects() {
    auto stale = lock_effects(db_, batch_);
    for (size_t i = 0; i < batch_.size(); ++i)
      if (stale.contains(batch_[i]->what.id) && results_[i] == commit_result::committed)
        drop_from(i, commit_result::stock_conflict);
  }

  void move() {
    struct step {
      const decided_posting* first;
      const decided_posting* last;
    };
    // In the order of their ids, so that two writers never wait for one another in a circle.
    std::map<dealer_id, step> steps;
    for (const auto& posting : remaining()) {
      auto [where, fresh] =
        steps.try_emplace(posting->what.dealer, step{posting.get(), posting.get()});
      if (!fresh)
        where->second.last = posting.get();
    }
    if (steps.empty())
      return;
    array_text dealers, expected, expected_chains, balances, versions, chains;
    for (const auto& [dealer, way] : steps) {
      const auto& end = way.last->transfers.back();
      dealers.add(dealer);
      expected.add(way.first->expected.version);
      expected_chains.add(way.first->expected.chain);
      balances.add(end.balance_after.cents());
      versions.add(end.seq);
      chains.add(end.chain);
    }
    auto& query = db_.prepared<move_wallets>();
    query.dealers = dealers.take();
    query.expected = expected.take();
    query.expected_chains = expected_chains.take();
    query.balances = balances.take();
    query.versions = versions.take();
    query.chains = chains.take();
    query.statement.execute(true);
    listeners_ = split_ids<dealer_id>(query.listeners);
    if (static_cast<size_t>(query.moved) < steps.size())
      keep_moved(query.dealers, query.chains);
  }

  /// Takes out the postings of wallets that did not stand where they were expected.
  void keep_moved(const std::string& dealers, const std::string& chains) {
    auto& query = db_.prepared<select_moved>();
    query.dealers = dealers;
    query.chains = chains;
    query.statement.execute(true);
    auto there = split_ids<dealer_id>(query.moved);
    for (size_t i = 0; i < batch_.size(); ++i)
      if (results_[i] == commit_result::committed && !there.contains(batch_[i]->what.dealer))
        results_[i] = commit_result::wallet_conflict;
  }

  void add_postings(bulk_rows& rows) const {
    for (const auto& posting : remaining()) {
      const auto& what = posting->what;
      rows.row(8);
      rows.add(what.id);
      rows.add(what.dealer);
      rows.add(kind_of(what.what));
      rows.add(static_cast<int16_t>(posting->answer.code));
      rows.add(posting->answer.body);
      rows.add_optional(what.idempotency_key);
      if (what.idempotency_key.empty())
        rows.add_null();
      else
        rows.add(digest_from_hex(what.request_hash));
      rows.add(posting->decided_at);
    }
  }

  void add_transfers(bulk_rows& rows) const {
    for (const auto& posting : remaining())
      for (const auto& transfer : posting->transfers)
        add_transfer(rows, *posting, transfer);
  }

  static void add_transfer(bulk_rows& rows, const decided_posting& posting, const transfer& what) {
    constexpr std::string_view wallet = "wallet";
    auto counter = counter_account(what.line.type, posting.what.what);
    bool leaves = what.line.amount.is_negative();
    rows.row(13);
    rows.add(posting.what.dealer);
    rows.add(what.seq);
    rows.add(posting.what.id);
    rows.add(to_string(what.line.type));
    rows.add(leaves ? wallet : counter);
    rows.add(leaves ? counter : wallet);
    rows.add(leaves ? -what.line.amount.cents() : what.line.amount.cents());
    rows.add(what.balance_after.cents());
    rows.add(what.line.description);
    rows.add(what.line.order);
    rows.add_optional(stripe_reference(posting.what.what));
    rows.add(posting.decided_at);
    rows.add(what.chain);
  }

  std::vector<std::shared_ptr<const decided_posting>> remaining() const {
    std::vector<std::shared_ptr<const decided_posting>> result;
    result.reserve(batch_.size());
    for (size_t i = 0; i < batch_.size(); ++i)
      if (results_[i] == commit_result::committed)
        result.push_back(batch_[i]);
    return result;
  }

  database& db_;
  decided_postings batch_;
  std::vector<commit_result> results_;
  /// Dealers with webhooks, among those whose wallets have moved.
  std::unordered_set<dealer_id> listeners_;
};

} // namespace

std::vector<commit_result> commit_postings(database& db, decided_postings batch) {
  return batch_commit{db, batch}.run();
}

bool was_committed(database& db, decided_postings batch) {
  // All of a batch is there or nothing of it is, so one posting speaks for the rest.
  transaction tx{db};
  auto& sql = db.session();
  std::string dealer = to_string(batch.front()->what.dealer);
  std::string posting = to_string(batch.front()->what.id);
  std::string locked;
  int known = 0;
  sql << "SELECT dealer_id::text FROM wallets WHERE dealer_id = :dealer::uuid FOR UPDATE",
    soci::use(dealer, "dealer"), soci::into(locked);
  sql << "SELECT count(*) FROM postings WHERE id = :posting::uuid", soci::use(posting, "posting"),
    soci::into(known);
  tx.commit();
  return known > 0;
}

stored_receipt find_posting(database& db, posting_id id) {
  std::string key = to_string(id);
  std::string found, answer, hash;
  int code = 0;
  db.session() << receipt_columns << "WHERE id = :id::uuid", soci::use(key, "id"),
    soci::into(found), soci::into(code), soci::into(answer), soci::into(hash);
  return make_stored(found, code, std::move(answer), std::move(hash));
}

stored_receipt receipt_under_key(database& db, dealer_id dealer, const std::string& key) {
  auto& query = db.prepared<select_receipt>();
  query.dealer = to_string(dealer);
  query.key = key;
  if (!query.statement.execute(true))
    return {};
  return make_stored(query.id, query.code, query.answer, query.hash);
}

std::optional<wallet_position> load_position(database& db, dealer_id dealer) {
  auto& query = db.prepared<select_position>();
  query.dealer = to_string(dealer);
  if (!query.statement.execute(true))
    return std::nullopt;
  return wallet_position{money::from_cents(query.balance), query.version,
                         digest_from_hex(query.chain)};
}

} // namespace meisim

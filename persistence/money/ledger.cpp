#include "persistence/money/ledger.hpp"

#include "persistence/money/effects.hpp"
#include "persistence/money/pipeline.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/notify/webhook_events.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace meisim {

namespace {

// -- statements -----------------------------------------------------------------------------------

/// Moves wallets, each of which must stand where it is expected.
constexpr auto move_wallets =
  "WITH moved AS (UPDATE wallets w SET balance_cents = m.balance, version = m.version,"
  " chain = m.chain FROM unnest($1::wallet_move[]) AS m WHERE w.dealer_id = m.dealer"
  " AND w.version = m.expected AND w.chain = m.expected_chain"
  " AND w.has_webhooks = m.has_webhooks RETURNING 1)"
  " SELECT must_hold(count(*) = cardinality($1), 'wallets_stand') FROM moved";

constexpr auto insert_postings =
  "INSERT INTO postings (id, dealer_id, kind, code, answer, idempotency_key, request_hash,"
  " created_at) SELECT * FROM unnest($1::posting_row[])";

constexpr auto insert_transfers =
  "INSERT INTO transfers (dealer_id, seq, posting_id, type, debit_account, credit_account,"
  " amount_cents, balance_after_cents, description, order_id, stripe_session, created_at, chain)"
  " SELECT * FROM unnest($1::transfer_row[])";

struct select_position {
  explicit select_position(soci::session& sql)
    : statement((sql.prepare << "SELECT balance_cents, version, encode(chain, 'hex'),"
                                " has_webhooks::integer FROM wallets"
                                " WHERE dealer_id = :dealer::uuid",
                 soci::use(dealer, "dealer"), soci::into(balance), soci::into(version),
                 soci::into(chain), soci::into(has_webhooks))) {
    // nop
  }

  std::string dealer, chain;
  long long balance = 0;
  long long version = 0;
  int has_webhooks = 0;
  soci::statement statement;
};

// -- one transaction ------------------------------------------------------------------------------

/// The part of a batch that is still to be committed.
class batch_commit {
public:
  explicit batch_commit(decided_postings batch)
    : batch_(batch), results_(batch.size(), commit_result::committed) {
    // nop
  }

  /// Nothing of the batch is there if this throws.
  void run(database& db) {
    auto postings = remaining();
    if (postings.empty())
      return;
    if (has_locked_effects(postings))
      return run_locked(db);
    pipeline steps{db};
    add_steps(steps, postings);
    steps.run_as_transaction();
  }

  /// Takes out the postings of wallets that do not stand where they were expected.
  void drop_conflicts(database& db) {
    std::unordered_set<dealer_id> seen;
    bool has_any = false;
    for (size_t i = 0; i < batch_.size(); ++i) {
      const auto& posting = *batch_[i];
      if (results_[i] != commit_result::committed || !seen.insert(posting.what.dealer).second
          || load_position(db, posting.what.dealer) == posting.expected)
        continue;
      drop_from(i, commit_result::wallet_conflict);
      has_any = true;
    }
    // What stood elsewhere has come back: to decide anew is the same once more.
    if (!has_any)
      std::ranges::replace(results_, commit_result::committed, commit_result::wallet_conflict);
  }

  std::vector<commit_result> results() const {
    return results_;
  }

private:
  /// Some effects first have to be looked at.
  void run_locked(database& db) {
    transaction tx{db};
    drop_stale_effects(db);
    auto postings = remaining();
    write_locked_effects(db, postings);
    pipeline steps{db};
    add_steps(steps, postings);
    steps.run();
    tx.commit();
  }

  static void add_steps(pipeline& steps, decided_postings postings) {
    // What nobody else waits for comes first: wallets are locked for the shortest time.
    add_postings(steps.rows_for(insert_postings), postings);
    add_effects(steps, postings);
    add_moves(steps.rows_for(move_wallets), postings);
    add_transfers(steps.rows_for(insert_transfers), postings);
    tell_of_wallets(steps, postings);
    add_sales(steps, postings);
  }

  static void add_moves(row_array& rows, decided_postings postings) {
    struct step {
      const decided_posting* first;
      const decided_posting* last;
    };
    // In the order of their ids, so that two writers never wait for one another in a circle.
    std::map<dealer_id, step> steps;
    for (const auto& posting : postings) {
      auto [where, fresh] =
        steps.try_emplace(posting->what.dealer, step{posting.get(), posting.get()});
      if (!fresh)
        where->second.last = posting.get();
    }
    for (const auto& [dealer, way] : steps) {
      const auto& end = way.last->transfers.back();
      rows.row();
      rows.add(dealer);
      rows.add(way.first->expected.version);
      rows.add(way.first->expected.chain);
      rows.add(way.first->expected.has_webhooks);
      rows.add(end.balance_after.cents());
      rows.add(end.seq);
      rows.add(end.chain);
    }
  }

  static void add_postings(row_array& rows, decided_postings postings) {
    for (const auto& posting : postings) {
      const auto& what = posting->what;
      rows.row();
      rows.add(what.id);
      rows.add(what.dealer);
      rows.add(kind_of(what.what));
      rows.add(static_cast<int16_t>(posting->answer.code));
      rows.add(kept_answer(*posting));
      rows.add_optional(what.idempotency_key);
      if (what.idempotency_key.empty())
        rows.add_null();
      else
        rows.add(digest_from_hex(what.request_hash));
      rows.add(posting->decided_at);
    }
  }

  static void add_transfers(row_array& rows, decided_postings postings) {
    for (const auto& posting : postings)
      for (const auto& transfer : posting->transfers)
        add_transfer(rows, *posting, transfer);
  }

  static void add_transfer(row_array& rows, const decided_posting& posting, const transfer& what) {
    constexpr std::string_view wallet = "wallet";
    auto counter = counter_account(what.line.type, posting.what.what);
    bool leaves = what.line.amount.is_negative();
    rows.row();
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

  /// Takes a posting out; those that its wallet decided after it stood on it and go too.
  void drop_from(size_t index, commit_result why) {
    results_[index] = why;
    for (size_t i = index + 1; i < batch_.size(); ++i)
      if (batch_[i]->what.dealer == batch_[index]->what.dealer
          && results_[i] == commit_result::committed)
        results_[i] = commit_result::wallet_conflict;
  }

  void drop_stale_effects(database& db) {
    auto stale = lock_effects(db, remaining());
    for (size_t i = 0; i < batch_.size(); ++i)
      if (stale.contains(batch_[i]->what.id) && results_[i] == commit_result::committed)
        drop_from(i, commit_result::stock_conflict);
  }

  std::vector<std::shared_ptr<const decided_posting>> remaining() const {
    std::vector<std::shared_ptr<const decided_posting>> result;
    result.reserve(batch_.size());
    for (size_t i = 0; i < batch_.size(); ++i)
      if (results_[i] == commit_result::committed)
        result.push_back(batch_[i]);
    return result;
  }

  decided_postings batch_;
  std::vector<commit_result> results_;
};

/// Ends a process of PostgreSQL that may still be at work for a connection of ours, and waits until
/// it has gone.
void end_process(database& db, int process) {
  int has_ended = 1;
  db.session() << "SELECT pg_terminate_backend(pid, 5000)::integer FROM pg_stat_activity"
                  " WHERE pid = :process AND pid <> pg_backend_pid() AND usename = current_user"
                  " AND backend_type = 'client backend'",
    soci::use(process, "process"), soci::into(has_ended);
  if (has_ended == 0)
    throw soci::soci_error("the other end of a lost connection does not end");
}

} // namespace

std::vector<commit_result> commit_postings(database& db, decided_postings batch) {
  batch_commit commit{batch};
  while (true) {
    try {
      commit.run(db);
      return commit.results();
    } catch (const soci::soci_error& error) {
      if (read_failure(error).constraint != "wallets_stand")
        throw;
      commit.drop_conflicts(db);
    }
  }
}

std::vector<bool> were_committed(database& db, decided_postings batch, int process) {
  end_process(db, process);
  transaction tx{db};
  auto& sql = db.session();
  // In the order in which commits lock them.
  std::set<dealer_id> wallets;
  for (const auto& posting : batch)
    wallets.insert(posting->what.dealer);
  for (auto wallet : wallets) {
    auto dealer = to_string(wallet);
    std::string locked;
    sql << "SELECT dealer_id::text FROM wallets WHERE dealer_id = :dealer::uuid FOR UPDATE",
      soci::use(dealer, "dealer"), soci::into(locked);
  }
  std::vector<bool> result;
  for (const auto& posting : batch) {
    auto id = to_string(posting->what.id);
    int known = 0;
    sql << "SELECT count(*) FROM postings WHERE id = :posting::uuid", soci::use(id, "posting"),
      soci::into(known);
    result.push_back(known > 0);
  }
  tx.commit();
  return result;
}

std::optional<wallet_position> load_position(database& db, dealer_id dealer) {
  auto& query = db.prepared<select_position>();
  query.dealer = to_string(dealer);
  if (!query.statement.execute(true))
    return std::nullopt;
  return wallet_position{money::from_cents(query.balance), query.version,
                         digest_from_hex(query.chain), query.has_webhooks != 0};
}

} // namespace meisim

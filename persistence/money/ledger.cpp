#include "persistence/money/ledger.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/base/pipeline.hpp"
#include "persistence/money/effects.hpp"
#include "persistence/money/ledger.sql.hpp"
#include "persistence/notify/webhook_events.hpp"
#include "protocols/base/json_writer.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace meisim {

namespace {

// -- statements -----------------------------------------------------------------------------------

/// Where a wallet stood, and where its postings of this commit leave it.
struct wallet_move {
  const decided_posting& first;
  const decided_posting& last;

  wallet_position end() const {
    return position_after(last);
  }
};

constexpr column<wallet_move> move_columns[] = {
  {"dealer", [](row_array& to, const wallet_move& from) { to.add(from.first.what.dealer); }},
  {"expected", [](row_array& to, const wallet_move& from) { to.add(from.first.expected.version); }},
  {"expected_chain",
   [](row_array& to, const wallet_move& from) { to.add(from.first.expected.chain); }},
  {"has_listeners",
   [](row_array& to, const wallet_move& from) { to.add(from.first.expected.has_listeners); }},
  {"balance", [](row_array& to, const wallet_move& from) { to.add(from.end().balance.cents()); }},
  {"version", [](row_array& to, const wallet_move& from) { to.add(from.end().version); }},
  {"chain", [](row_array& to, const wallet_move& from) { to.add(from.end().chain); }},
};

constexpr row_statement<wallet_move> move_wallets{sql::move_wallets, move_columns};

struct kept_posting {
  const decided_posting& posting;
  const effect_kind& kind;
  effect_subject subject;
};

constexpr column<kept_posting> posting_columns[] = {
  {"id", [](row_array& to, const kept_posting& from) { to.add(from.posting.what.id); }},
  {"dealer_id", [](row_array& to, const kept_posting& from) { to.add(from.posting.what.dealer); }},
  {"kind", [](row_array& to, const kept_posting& from) { to.add(from.kind.name); }},
  {"code",
   [](row_array& to, const kept_posting& from) {
     to.add(static_cast<int16_t>(from.posting.answer.code));
   }},
  {"subject_id", [](row_array& to, const kept_posting& from) { to.add(from.subject.id); }},
  {"usage_id",
   [](row_array& to, const kept_posting& from) { to.add_unless_zero(from.subject.usage); }},
  {"last_seq",
   [](row_array& to, const kept_posting& from) { to.add(position_after(from.posting).version); }},
  {"idempotency_key",
   [](row_array& to, const kept_posting& from) {
     to.add_optional(from.posting.what.idempotency_key);
   }},
  {"request_hash",
   [](row_array& to, const kept_posting& from) {
     if (from.posting.what.idempotency_key.empty())
       to.add_null();
     else
       to.add(digest_from_hex(from.posting.what.request_hash));
   }},
  {"created_at", [](row_array& to, const kept_posting& from) { to.add(from.posting.decided_at); }},
};

constexpr row_statement<kept_posting> insert_postings{sql::insert_postings, posting_columns};

struct ledger_row {
  const decided_posting& posting;
  const transfer& moved;
  /// The account opposite the wallet.
  std::string_view counter;

  bool is_leaving() const {
    return moved.line.amount.is_negative();
  }
};

constexpr std::string_view wallet_account = "wallet";

constexpr column<ledger_row> transfer_columns[] = {
  {"dealer_id", [](row_array& to, const ledger_row& from) { to.add(from.posting.what.dealer); }},
  {"seq", [](row_array& to, const ledger_row& from) { to.add(from.moved.seq); }},
  {"posting_id", [](row_array& to, const ledger_row& from) { to.add(from.posting.what.id); }},
  {"type", [](row_array& to, const ledger_row& from) { to.add(to_string(from.moved.line.type)); }},
  {"debit_account",
   [](row_array& to, const ledger_row& from) {
     to.add(from.is_leaving() ? wallet_account : from.counter);
   }},
  {"credit_account",
   [](row_array& to, const ledger_row& from) {
     to.add(from.is_leaving() ? from.counter : wallet_account);
   }},
  {"amount_cents",
   [](row_array& to, const ledger_row& from) {
     auto cents = from.moved.line.amount.cents();
     to.add(from.is_leaving() ? -cents : cents);
   }},
  {"balance_after_cents",
   [](row_array& to, const ledger_row& from) { to.add(from.moved.balance_after.cents()); }},
  {"description",
   [](row_array& to, const ledger_row& from) { to.add(from.moved.line.description); }},
  {"order_id", [](row_array& to, const ledger_row& from) { to.add(from.moved.line.order); }},
  {"stripe_session",
   [](row_array& to, const ledger_row& from) {
     to.add_optional(stripe_reference(from.posting.what.what));
   }},
  {"created_at", [](row_array& to, const ledger_row& from) { to.add(from.posting.decided_at); }},
  {"chain", [](row_array& to, const ledger_row& from) { to.add(from.moved.chain); }},
};

constexpr row_statement<ledger_row> insert_transfers{sql::insert_transfers, transfer_columns};

struct select_position {
  explicit select_position(soci::session& session)
    : statement((session.prepare << sql::find_position, soci::use(dealer, "dealer"),
                 soci::into(balance), soci::into(version), soci::into(chain),
                 soci::into(has_listeners))) {
    // nop
  }

  std::string dealer, chain;
  long long balance = 0;
  long long version = 0;
  int has_listeners = 0;
  soci::statement statement;
};

/// A JSON object, or nothing, with this balance in front.
std::string with_balance(std::string_view object, money balance) {
  return json_object([&](json_writer& out) {
    out.member("balance", balance);
    if (object.size() > 2)
      out.members({object.substr(1, object.size() - 2)});
  });
}

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
    if (has_locks(postings))
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
    // All wallets stand as expected again. Every posting is decided anew.
    if (!has_any)
      std::ranges::replace(results_, commit_result::committed, commit_result::wallet_conflict);
  }

  std::vector<commit_result> results() const {
    return results_;
  }

private:
  /// Commits a batch in which some effects depend on rows that have to be locked first.
  void run_locked(database& db) {
    transaction tx{db};
    drop_stale_effects(db);
    pipeline steps{db};
    add_steps(steps, remaining());
    steps.run();
    tx.commit();
  }

  static void add_steps(pipeline& steps, decided_postings postings) {
    // Rows that nobody else waits for come first, so that wallets are locked for the shortest time.
    add_postings(steps, postings);
    add_effects(steps, postings);
    add_moves(steps, postings);
    add_transfers(steps, postings);
    tell_of_wallets(steps, postings);
    tell_auditors(steps, postings);
    add_contended_effects(steps, postings);
  }

  static void add_moves(pipeline& steps, decided_postings postings) {
    struct way {
      const decided_posting* first;
      const decided_posting* last;
    };
    // In the order of their ids, so that two writers never wait for one another in a circle.
    std::map<dealer_id, way> ways;
    for (const auto& posting : postings) {
      auto [where, fresh] =
        ways.try_emplace(posting->what.dealer, way{posting.get(), posting.get()});
      if (!fresh)
        where->second.last = posting.get();
    }
    auto moves = steps.rows_for(move_wallets);
    for (const auto& [dealer, way] : ways)
      moves.add({*way.first, *way.last});
  }

  static void add_postings(pipeline& steps, decided_postings postings) {
    auto rows = steps.rows_for(insert_postings);
    for (const auto& posting : postings) {
      const auto& what = posting->what.what;
      const auto& kind = kind_of(what);
      rows.add({*posting, kind, kind.subject ? kind.subject(what) : effect_subject{}});
    }
  }

  static void add_transfers(pipeline& steps, decided_postings postings) {
    auto rows = steps.rows_for(insert_transfers);
    for (const auto& posting : postings)
      for (const auto& moved : posting->transfers)
        rows.add({*posting, moved, counter_account(moved.line.type, posting->what.what)});
  }

  static void tell_auditors(pipeline& steps, decided_postings postings) {
    for (const auto& posting : postings)
      for (auto event : posting->what.audit) {
        event.dealer = posting->what.dealer;
        event.before = with_balance(event.before, posting->expected.balance);
        event.after = with_balance(event.after, position_after(*posting).balance);
        add_audit_event(steps, event);
      }
  }

  /// Takes a posting out, and all that its wallet decided after it, because they depend on it.
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

/// Ends a process of PostgreSQL that may still be working for a lost connection of ours, and waits
/// until it has gone.
void end_process(database& db, const server_process& process) {
  int has_ended = 1;
  db.session() << sql::end_process, soci::use(process.id, "process"),
    soci::use(process.started, "started"), soci::into(has_ended);
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

std::vector<bool> were_committed(database& db, decided_postings batch,
                                 const server_process& process) {
  end_process(db, process);
  transaction tx{db};
  auto& session = db.session();
  // In the order in which commits lock them.
  std::set<dealer_id> wallets;
  for (const auto& posting : batch)
    wallets.insert(posting->what.dealer);
  for (auto wallet : wallets) {
    auto dealer = to_string(wallet);
    std::string locked;
    session << sql::lock_wallet, soci::use(dealer, "dealer"), soci::into(locked);
  }
  std::vector<bool> result;
  for (const auto& posting : batch) {
    auto id = to_string(posting->what.id);
    int known = 0;
    session << sql::count_postings, soci::use(id, "posting"), soci::into(known);
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
                         digest_from_hex(query.chain), query.has_listeners != 0};
}

} // namespace meisim

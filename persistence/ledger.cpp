#include "persistence/ledger.hpp"

#include "persistence/effects.hpp"

#include <unordered_map>
#include <unordered_set>

namespace meisim {

namespace {

// -- statements
// -------------------------------------------------------------------------------------------------------

struct move_wallets {
  explicit move_wallets(soci::session& sql)
    : statement((
      sql.prepare
        << "WITH moved AS (UPDATE wallets w SET balance_cents = m.balance, version = m.version,"
           " chain = m.chain FROM unnest(:dealers::uuid[], :expected::bigint[],"
           " :expected_chains::bytea[], :balances::bigint[], :versions::bigint[], :chains::bytea[])"
           " AS m(dealer, expected, expected_chain, balance, version, chain)"
           " WHERE w.dealer_id = m.dealer AND w.version = m.expected"
           " AND w.chain = m.expected_chain RETURNING w.dealer_id)"
           " SELECT coalesce(string_agg(dealer_id::text, ','), '') FROM moved",
      soci::use(dealers, "dealers"), soci::use(expected, "expected"),
      soci::use(expected_chains, "expected_chains"), soci::use(balances, "balances"),
      soci::use(versions, "versions"), soci::use(chains, "chains"), soci::into(moved))) {
    // nop
  }

  std::string dealers, expected, expected_chains, balances, versions, chains, moved;
  soci::statement statement;
};

struct insert_postings {
  explicit insert_postings(soci::session& sql)
    : statement((
      sql.prepare
        << "INSERT INTO postings (id, dealer_id, kind, code, answer, idempotency_key, request_hash,"
           " created_at) SELECT p.id, p.dealer, p.kind, p.code, p.answer, p.key, p.hash,"
           " timestamptz 'epoch' + p.at * interval '1 microsecond'"
           " FROM unnest(:ids::uuid[], :dealers::uuid[], :kinds::text[], :codes::smallint[],"
           " :answers::text[], :keys::text[], :hashes::bytea[], :times::bigint[])"
           " AS p(id, dealer, kind, code, answer, key, hash, at)",
      soci::use(ids, "ids"), soci::use(dealers, "dealers"), soci::use(kinds, "kinds"),
      soci::use(codes, "codes"), soci::use(answers, "answers"), soci::use(keys, "keys"),
      soci::use(hashes, "hashes"), soci::use(times, "times"))) {
    // nop
  }

  std::string ids, dealers, kinds, codes, answers, keys, hashes, times;
  soci::statement statement;
};

struct insert_transfers {
  explicit insert_transfers(soci::session& sql)
    : statement((
      sql.prepare
        << "INSERT INTO transfers (dealer_id, seq, posting_id, type, debit_account, credit_account,"
           " amount_cents, balance_after_cents, description, order_id, created_at, chain)"
           " SELECT t.dealer, t.seq, t.posting, t.type, t.debit, t.credit, t.amount, t.balance_after,"
           " t.description, t.order_id, timestamptz 'epoch' + t.at * interval '1 microsecond', t.chain"
           " FROM unnest(:dealers::uuid[], :seqs::bigint[], :postings::uuid[], :types::text[],"
           " :debits::text[], :credits::text[], :amounts::bigint[], :balances::bigint[],"
           " :descriptions::text[], :orders::uuid[], :times::bigint[], :chains::bytea[])"
           " AS t(dealer, seq, posting, type, debit, credit, amount, balance_after, description, order_id,"
           " at, chain)",
      soci::use(dealers, "dealers"), soci::use(seqs, "seqs"), soci::use(postings, "postings"),
      soci::use(types, "types"), soci::use(debits, "debits"), soci::use(credits, "credits"),
      soci::use(amounts, "amounts"), soci::use(balances, "balances"),
      soci::use(descriptions, "descriptions"), soci::use(orders, "orders"),
      soci::use(times, "times"), soci::use(chains, "chains"))) {
    // nop
  }

  std::string dealers, seqs, postings, types, debits, credits, amounts, balances, descriptions,
    orders, times, chains;
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
                             << "WHERE dealer_id = :dealer::uuid AND idempotency_key = :key",
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
    write_postings();
    write_transfers();
    write_effects(db_, remaining());
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
    std::unordered_map<dealer_id, step> steps;
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
    keep_moved(query.moved, steps.size());
  }

  /// `moved` holds the ids of the wallets that stood where they were expected, joined by commas.
  void keep_moved(const std::string& moved, size_t expected_count) {
    constexpr size_t id_size = 36;
    if (moved.size() + 1 == expected_count * (id_size + 1))
      return;
    std::unordered_set<dealer_id> there;
    for (size_t begin = 0; begin + id_size <= moved.size(); begin += id_size + 1)
      if (auto dealer = dealer_id::parse(std::string_view{moved}.substr(begin, id_size)))
        there.insert(*dealer);
    for (size_t i = 0; i < batch_.size(); ++i)
      if (results_[i] == commit_result::committed && !there.contains(batch_[i]->what.dealer))
        results_[i] = commit_result::wallet_conflict;
  }

  void write_postings() {
    auto postings = remaining();
    if (postings.empty())
      return;
    array_text ids, dealers, kinds, codes, answers, keys, hashes, times;
    for (const auto& posting : postings) {
      const auto& what = posting->what;
      ids.add(what.id);
      dealers.add(what.dealer);
      kinds.add(kind_of(what.what));
      codes.add(static_cast<int64_t>(posting->answer.code));
      answers.add(posting->answer.body);
      keys.add_optional(what.idempotency_key);
      if (what.idempotency_key.empty())
        hashes.add_null();
      else
        hashes.add(digest_from_hex(what.request_hash));
      times.add(micros(posting->decided_at));
    }
    auto& query = db_.prepared<insert_postings>();
    query.ids = ids.take();
    query.dealers = dealers.take();
    query.kinds = kinds.take();
    query.codes = codes.take();
    query.answers = answers.take();
    query.keys = keys.take();
    query.hashes = hashes.take();
    query.times = times.take();
    query.statement.execute(true);
  }

  void write_transfers() {
    auto postings = remaining();
    if (postings.empty())
      return;
    array_text dealers, seqs, ids, types, debits, credits, amounts, balances, descriptions, orders,
      times, chains;
    for (const auto& posting : postings) {
      for (const auto& row : posting->transfers) {
        auto counter = counter_account(row.line.type, posting->what.what);
        bool leaves = row.line.amount.is_negative();
        dealers.add(posting->what.dealer);
        seqs.add(row.seq);
        ids.add(posting->what.id);
        types.add(to_string(row.line.type));
        debits.add(leaves ? "wallet" : counter);
        credits.add(leaves ? counter : "wallet");
        amounts.add(leaves ? -row.line.amount.cents() : row.line.amount.cents());
        balances.add(row.balance_after.cents());
        descriptions.add(row.line.description);
        orders.add(row.line.order);
        times.add(micros(posting->decided_at));
        chains.add(row.chain);
      }
    }
    auto& query = db_.prepared<insert_transfers>();
    query.dealers = dealers.take();
    query.seqs = seqs.take();
    query.postings = ids.take();
    query.types = types.take();
    query.debits = debits.take();
    query.credits = credits.take();
    query.amounts = amounts.take();
    query.balances = balances.take();
    query.descriptions = descriptions.take();
    query.orders = orders.take();
    query.times = times.take();
    query.chains = chains.take();
    query.statement.execute(true);
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

#include "persistence/money/payments.hpp"

#include "persistence/money/payments.sql.hpp"

namespace meisim {

namespace {

struct insert_payment {
  explicit insert_payment(soci::session& session)
    : statement((session.prepare << sql::insert_payment, soci::use(id, "id"),
                 soci::use(dealer, "dealer"), soci::use(kind, "kind"), soci::use(net, "net"),
                 soci::use(gross, "gross"), soci::use(key, "key"), soci::use(hash, "hash"))) {
    // nop
  }

  std::string id, dealer, kind, key, hash;
  long long net = 0;
  long long gross = 0;
  soci::statement statement;
};

struct select_begun {
  explicit select_begun(soci::session& session)
    : statement((session.prepare << sql::find_begun_payment, soci::use(dealer, "dealer"),
                 soci::use(key, "key"), soci::into(id), soci::into(net), soci::into(gross),
                 soci::into(means.checkout_url), soci::into(means.client_secret),
                 soci::into(means.publishable_key), soci::into(hash))) {
    // nop
  }

  std::string dealer, key, id, hash;
  payment_means means;
  long long net = 0;
  long long gross = 0;
  soci::statement statement;
};

struct select_posting_key {
  explicit select_posting_key(soci::session& session)
    : statement((session.prepare << sql::count_postings_under_key, soci::use(dealer, "dealer"),
                 soci::use(key, "key"), soci::into(count))) {
    // nop
  }

  std::string dealer, key;
  int count = 0;
  soci::statement statement;
};

struct update_payment {
  explicit update_payment(soci::session& session)
    : statement((session.prepare << sql::finish_payment, soci::use(reference, "reference"),
                 soci::use(intent, "intent"), soci::use(means.checkout_url, "url"),
                 soci::use(means.client_secret, "secret"),
                 soci::use(means.publishable_key, "publishable"), soci::use(id, "id"))) {
    // nop
  }

  std::string id, reference, intent;
  payment_means means;
  soci::statement statement;
};

struct select_payment {
  explicit select_payment(soci::session& database)
    : statement((database.prepare << sql::find_payment, soci::use(dispute, "dispute"),
                 soci::use(id, "id"), soci::use(session, "session"), soci::use(intent, "intent"),
                 soci::into(found), soci::into(dealer), soci::into(kind), soci::into(net),
                 soci::into(gross), soci::into(reference), soci::into(known_intent),
                 soci::into(credited), soci::into(refunded), soci::into(reversed),
                 soci::into(taken), soci::into(undone))) {
    // nop
  }

  std::string id, session, intent, dispute, found, dealer, kind, reference, known_intent;
  long long net = 0;
  long long gross = 0;
  long long refunded = 0;
  long long reversed = 0;
  long long taken = 0;
  int credited = 0;
  int undone = 0;
  soci::statement statement;
};

caf::error key_in_use() {
  return make_error(ec::conflict, "this Idempotency-Key was used with another request before");
}

/// The payment that has the caller's key already.
caf::expected<begun_payment> begun_before(database& db, const start_topup& wish) {
  auto& query = db.prepared<select_begun>();
  query.dealer = to_string(wish.dealer);
  query.key = wish.idempotency_key;
  if (!query.statement.execute(true))
    return make_error(ec::unavailable);
  if (query.hash != wish.request_hash)
    return key_in_use();
  return begun_payment{payment_id::parse(query.id).value_or(payment_id{}),
                       money::from_cents(query.net), money::from_cents(query.gross), query.means};
}

bool is_posting_key(database& db, const start_topup& wish) {
  if (wish.idempotency_key.empty())
    return false;
  auto& query = db.prepared<select_posting_key>();
  query.dealer = to_string(wish.dealer);
  query.key = wish.idempotency_key;
  query.statement.execute(true);
  return query.count > 0;
}

} // namespace

caf::expected<begun_payment> start_payment(database& db, const begin_payment& wish) {
  if (is_posting_key(db, wish.what))
    return key_in_use();
  auto id = payment_id::make();
  auto& query = db.prepared<insert_payment>();
  query.id = to_string(id);
  query.dealer = to_string(wish.what.dealer);
  query.kind = to_string(wish.what.kind);
  query.net = wish.what.net.cents();
  query.gross = wish.gross.cents();
  query.key = wish.what.idempotency_key;
  query.hash = wish.what.idempotency_key.empty() ? std::string{} : wish.what.request_hash;
  query.statement.execute(true);
  if (query.statement.get_affected_rows() == 0)
    return begun_before(db, wish.what);
  return begun_payment{id, wish.what.net, wish.gross, {}};
}

void keep_payment(database& db, const finish_payment& result) {
  auto& query = db.prepared<update_payment>();
  query.id = to_string(result.id);
  query.reference = result.reference;
  query.intent = result.intent;
  query.means = result.means;
  query.statement.execute(true);
}

std::optional<stripe_payment> payment_of(database& db, const find_payment& question) {
  auto& query = db.prepared<select_payment>();
  query.id = question.id ? to_string(question.id) : std::string{};
  query.session = question.session;
  query.intent = question.intent;
  query.dispute = question.dispute;
  if (!query.statement.execute(true))
    return std::nullopt;
  stripe_payment result;
  result.id = payment_id::parse(query.found).value_or(payment_id{});
  result.dealer = dealer_id::parse(query.dealer).value_or(dealer_id{});
  result.kind = query.kind == "session" ? payment_kind::session : payment_kind::intent;
  result.net = money::from_cents(query.net);
  result.gross = money::from_cents(query.gross);
  result.reference = query.reference;
  result.intent = query.known_intent;
  result.credited = query.credited != 0;
  result.refunded = money::from_cents(query.refunded);
  result.reversed = money::from_cents(query.reversed);
  if (query.taken > 0)
    result.taken_by_dispute = money::from_cents(query.taken);
  result.is_dispute_undone = query.undone != 0;
  return result;
}

} // namespace meisim

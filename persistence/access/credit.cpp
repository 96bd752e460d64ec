#include "persistence/access/credit.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/access/credit.sql.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

/// What stands under a key already.
struct keyed_settlement {
  std::string request_hash;
  credit_settled known;
};

std::optional<keyed_settlement> settlement_under(database& db, dealer_id dealer,
                                                 const std::string& key) {
  std::string of = to_string(dealer);
  std::string id;
  long long amount = 0;
  long long used = 0;
  keyed_settlement result;
  auto& session = db.session();
  session << sql::find_settlement, soci::use(of, "dealer"), soci::use(key, "key"),
    soci::into(result.request_hash), soci::into(id), soci::into(amount), soci::into(used);
  if (!session.got_data())
    return std::nullopt;
  result.known = {settlement_id::parse(id).value_or(settlement_id{}), money::from_cents(amount),
                  money::from_cents(used), true};
  return result;
}

/// Nothing if the key stands for another request.
std::optional<credit_settled> repeated_settlement(const keyed_settlement& first,
                                                  const settle_credit& wish) {
  if (!first.known.id || first.request_hash != wish.request_hash)
    return std::nullopt;
  return first.known;
}

std::string audited_use(money used) {
  return json_object([&](json_writer& out) { out.member("credit_used", used); });
}

std::string audited_settlement(const settle_credit& wish, money used) {
  return json_object([&](json_writer& out) {
    out.member("credit_used", used).member("amount", wish.amount).member("reason", wish.reason);
  });
}

credit_settled book_settlement(database& db, dealer_id dealer, const settle_credit& wish) {
  transaction tx{db};
  auto& session = db.session();
  credit_settled result{settlement_id::make(), wish.amount, {}};
  std::string id = to_string(result.id);
  std::string of = to_string(dealer);
  long long amount = wish.amount.cents();
  long long used = 0;
  session << sql::settle_credit, soci::use(id, "id"), soci::use(of, "dealer"),
    soci::use(amount, "amount"), soci::use(wish.reason, "reason"),
    soci::use(wish.idempotency_key, "key"), soci::use(wish.request_hash, "hash"), soci::into(used);
  result.used = money::from_cents(used);
  write_audit_event(db, {wish.by, wish.email, dealer, audited_use(result.used + wish.amount),
                         audited_settlement(wish, result.used)});
  tx.commit();
  return result;
}

} // namespace

credit_position credit_from(int64_t limit_cents, int64_t used_cents) {
  auto limit = limit_cents < 0 ? std::nullopt : std::optional{money::from_cents(limit_cents)};
  return {limit, money::from_cents(used_cents)};
}

credit_position credit_of(database& db, dealer_id dealer) {
  std::string of = to_string(dealer);
  long long limit = -1;
  long long used = 0;
  db.session() << sql::find_credit, soci::use(of, "dealer"), soci::into(limit), soci::into(used);
  return credit_from(limit, used);
}

void open_credit(database& db, dealer_id dealer, money limit) {
  std::string of = to_string(dealer);
  long long cents = limit.cents();
  db.session() << sql::open_credit, soci::use(of, "dealer"), soci::use(cents, "limit");
}

std::optional<credit_settled> settle(database& db, dealer_id dealer, const settle_credit& wish) {
  if (wish.idempotency_key.empty())
    return book_settlement(db, dealer, wish);
  if (auto first = settlement_under(db, dealer, wish.idempotency_key))
    return repeated_settlement(*first, wish);
  try {
    return book_settlement(db, dealer, wish);
  } catch (const soci::soci_error& error) {
    if (read_failure(error).constraint != "postings_idempotency_key")
      throw;
  }
  // Another node was quicker.
  auto first = settlement_under(db, dealer, wish.idempotency_key);
  return first ? repeated_settlement(*first, wish) : std::nullopt;
}

} // namespace meisim

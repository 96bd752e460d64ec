#include "persistence/money/receipts.hpp"

#include "persistence/supply/stock.hpp"
#include "protocols/money/answers.hpp"

namespace meisim {

namespace {

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

stored_receipt make_stored(database& db, const std::string& id, int code, std::string answer,
                           std::string hash) {
  stored_receipt result;
  result.what.id = posting_id::parse(id).value_or(posting_id{});
  result.what.code = static_cast<ec>(code);
  auto usage = referenced_usage(answer);
  result.what.body = usage ? supply_answer(find_sale(db, *usage)) : std::move(answer);
  result.request_hash = std::move(hash);
  return result;
}

} // namespace

std::string kept_answer(const decided_posting& posting) {
  auto* sale = std::get_if<supply_sold>(&posting.what.what);
  return sale && posting.answer.code == ec::none ? usage_reference(sale->usage)
                                                 : posting.answer.body;
}

stored_receipt find_posting(database& db, posting_id id) {
  std::string key = to_string(id);
  std::string found, answer, hash;
  int code = 0;
  db.session() << receipt_columns << "WHERE id = :id::uuid", soci::use(key, "id"),
    soci::into(found), soci::into(code), soci::into(answer), soci::into(hash);
  return make_stored(db, found, code, std::move(answer), std::move(hash));
}

stored_receipt receipt_under_key(database& db, dealer_id dealer, const std::string& key) {
  auto& query = db.prepared<select_receipt>();
  query.dealer = to_string(dealer);
  query.key = key;
  if (!query.statement.execute(true))
    return {};
  return make_stored(db, query.id, query.code, query.answer, query.hash);
}

} // namespace meisim

#include "persistence/money/receipts.hpp"

#include "persistence/money/effects.hpp"
#include "persistence/money/receipts.sql.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace meisim {

namespace {

/// The variables that a posting is read into.
struct posting_row {
  std::string id, dealer, kind, subject, hash;
  int code = 0;
  long long usage = 0;
  long long last_seq = 0;
};

struct select_posting {
  explicit select_posting(soci::session& session)
    : statement((session.prepare << sql::find_posting, soci::use(posting, "posting"),
                 soci::into(row.id), soci::into(row.dealer), soci::into(row.kind),
                 soci::into(row.code), soci::into(row.subject), soci::into(row.usage),
                 soci::into(row.last_seq), soci::into(row.hash))) {
    // nop
  }

  std::string posting;
  posting_row row;
  soci::statement statement;
};

struct select_keyed {
  explicit select_keyed(soci::session& session)
    : statement((session.prepare << sql::find_posting_under_key, soci::use(dealer, "dealer"),
                 soci::use(key, "key"), soci::into(row.id), soci::into(row.dealer),
                 soci::into(row.kind), soci::into(row.code), soci::into(row.subject),
                 soci::into(row.usage), soci::into(row.last_seq), soci::into(row.hash))) {
    // nop
  }

  std::string dealer, key;
  posting_row row;
  soci::statement statement;
};

struct select_line {
  explicit select_line(soci::session& session)
    : statement((session.prepare << sql::find_transfer, soci::use(dealer, "dealer"),
                 soci::use(seq, "seq"), soci::into(posting), soci::into(amount),
                 soci::into(balance), soci::into(order))) {
    // nop
  }

  std::string dealer, posting, order;
  long long seq = 0;
  long long amount = 0;
  long long balance = 0;
  soci::statement statement;
};

/// If nothing was paid, the transfer before tells the balance, if there is one.
committed_posting with_last_line(database& db, const posting_row& row) {
  committed_posting result;
  result.id = posting_id::parse(row.id).value_or(posting_id{});
  result.subject = {parse_uuid(row.subject).value_or(uuid{}), row.usage};
  if (row.last_seq == 0)
    return result;
  auto& query = db.prepared<select_line>();
  query.dealer = row.dealer;
  query.seq = row.last_seq;
  if (!query.statement.execute(true))
    throw std::logic_error(
      fmt::format("transfer {} of posting {} is not there", row.last_seq, row.id));
  result.balance = money::from_cents(query.balance);
  result.has_paid = query.posting == row.id;
  if (!result.has_paid)
    return result;
  result.amount = money::from_cents(query.amount);
  result.order = order_id::parse(query.order).value_or(order_id{});
  return result;
}

receipt_values told_of(database& db, const posting_row& row) {
  const auto* kind = find_effect_kind(row.kind);
  if (!kind)
    throw std::logic_error(fmt::format("posting {} is of the kind {}", row.id, row.kind));
  auto posting = with_last_line(db, row);
  if (!posting.has_paid && !kind->may_be_free)
    throw std::logic_error(
      fmt::format("transfer {} is not posting {}'s, which ends with it", row.last_seq, row.id));
  return kind->recall ? kind->recall(db, posting) : balance_receipt{posting.balance};
}

/// Card payments, orders on account and settlements only keep their keys here.
bool is_answered_elsewhere(const posting_row& row) {
  return row.kind == "card_payment" || row.kind == "account_order" || row.kind == "settlement";
}

stored_receipt stored_of(database& db, const posting_row& row) {
  stored_receipt result;
  result.what.id = posting_id::parse(row.id).value_or(posting_id{});
  result.what.code = static_cast<ec>(row.code);
  result.request_hash = row.hash;
  if (!is_answered_elsewhere(row))
    result.what.told = told_of(db, row);
  return result;
}

} // namespace

stored_receipt find_posting(database& db, posting_id id) {
  auto& query = db.prepared<select_posting>();
  query.posting = to_string(id);
  if (!query.statement.execute(true))
    return {};
  return stored_of(db, query.row);
}

stored_receipt receipt_under_key(database& db, dealer_id dealer, const std::string& key) {
  auto& query = db.prepared<select_keyed>();
  query.dealer = to_string(dealer);
  query.key = key;
  if (!query.statement.execute(true))
    return {};
  return stored_of(db, query.row);
}

} // namespace meisim

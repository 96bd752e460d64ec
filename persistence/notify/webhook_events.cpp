#include "persistence/notify/webhook_events.hpp"

#include "protocols/money/answers.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

/// What a posting did to a wallet.
struct wallet_event {
  const decided_posting& posting;
  std::string_view event;
  /// What is told of it; empty where the statement knows.
  std::string_view json;
};

constexpr column<wallet_event> event_columns[] = {
  {"dealer", [](row_array& to, const wallet_event& what) { to.add(what.posting.what.dealer); }},
  {"event", [](row_array& to, const wallet_event& what) { to.add(what.event); }},
  {"at", [](row_array& to, const wallet_event& what) { to.add(what.posting.decided_at); }},
  {"data", [](row_array& to, const wallet_event& what) { to.add_optional(what.json); }},
  {"before",
   [](row_array& to, const wallet_event& what) { to.add(what.posting.expected.balance.cents()); }},
  {"after",
   [](row_array& to, const wallet_event& what) {
     to.add(what.posting.transfers.back().balance_after.cents());
   }},
};

/// Only a balance that crosses a webhook's threshold downward is told of.
constexpr row_statement<wallet_event> insert_messages{
  "WITH told AS (INSERT INTO webhook_messages (id, webhook_id, event, body)"
  " SELECT gen_random_uuid(), h.id, e.event, webhook_body(e.event, e.at, CASE e.event"
  " WHEN 'wallet.low_balance' THEN json_build_object('balance_usd', dollars(e.after),"
  " 'threshold_usd', dollars(h.low_balance_cents)) ELSE e.data::json END)"
  " FROM unnest($1::wallet_event[]) WITH ORDINALITY AS e(dealer, event, at, data, before, after,"
  " place)"
  " JOIN webhooks h ON h.dealer_id = e.dealer WHERE h.disabled_at IS NULL"
  " AND e.event = ANY (h.events) AND (e.event <> 'wallet.low_balance'"
  " OR (e.before >= h.low_balance_cents AND e.after < h.low_balance_cents))"
  " ORDER BY e.place RETURNING id)"
  " INSERT INTO jobs (kind, subject) SELECT 'webhook', id FROM told",
  event_columns};

constexpr column<batch_id> told_batch[] = {
  {"id", [](row_array& to, const batch_id& batch) { to.add(batch); }},
};

constexpr row_statement<batch_id> tell_batches{
  "SELECT tell_dealer(b.dealer_id, 'batch.completed', b.completed_at, json_build_object("
  "'id', b.id, 'label', b.label, 'total_rows', b.total_rows,"
  " 'started_at', rfc3339(b.created_at), 'completed_at', rfc3339(b.completed_at),"
  " 'paid_total_usd', dollars(b.unit_price_cents * b.total_rows), 'used', b.used,"
  " 'available', b.available, 'invalid', b.invalid, 'error_count', b.error,"
  " 'unknown', b.unknown)) FROM batches b JOIN wallets w ON w.dealer_id = b.dealer_id"
  " WHERE b.id = ANY ($1::uuid[]) AND b.completed_at IS NOT NULL AND b.source <> 'replacement'"
  " AND w.has_webhooks",
  told_batch};

/// The line by which money came in, as GET /dealer/wallet shows it.
std::string credit_json(const decided_posting& posting, const transfer& row) {
  return fmt::format(
    R"({{"id":"{}-{}","created_at":"{}","type":"{}","amount_usd":{},"balance_after_usd":{},)"
    R"("description":{},"stripe_session_id":{},"related_order_id":{}}})",
    to_string(posting.what.id), row.seq, rfc3339(posting.decided_at), to_string(row.line.type),
    to_string(row.line.amount), to_string(row.balance_after), json_quoted(row.line.description),
    text_or_null(stripe_reference(posting.what.what)),
    row.line.order ? '"' + to_string(row.line.order) + '"' : "null");
}

} // namespace

void tell_of_wallets(pipeline& into,
                     std::span<const std::shared_ptr<const decided_posting>> postings) {
  auto messages = into.rows_for(insert_messages);
  for (const auto& posting : postings) {
    if (!posting->expected.has_webhooks)
      continue;
    auto change = sum(posting->what.lines);
    if (change.is_negative())
      messages.add({*posting, "wallet.low_balance", {}});
    if (change > money{})
      for (const auto& row : posting->transfers)
        if (!row.line.amount.is_negative())
          messages.add({*posting, "wallet.credited", credit_json(*posting, row)});
  }
}

void tell_of_batch(pipeline& into, batch_id completed) {
  into.rows_for(tell_batches).add(completed);
}

} // namespace meisim

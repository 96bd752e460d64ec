#include "persistence/notify/webhook_events.hpp"

#include "protocols/money/answers.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

/// Only a balance that crosses a webhook's threshold downward is told of.
constexpr auto insert_messages =
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
  " INSERT INTO jobs (kind, subject) SELECT 'webhook', id FROM told";

constexpr auto tell_batches =
  "SELECT tell_dealer(b.dealer_id, 'batch.completed', b.completed_at, json_build_object("
  "'id', b.id, 'label', b.label, 'total_rows', b.total_rows,"
  " 'started_at', rfc3339(b.created_at), 'completed_at', rfc3339(b.completed_at),"
  " 'paid_total_usd', dollars(b.unit_price_cents * b.total_rows), 'used', b.used,"
  " 'available', b.available, 'invalid', b.invalid, 'error_count', b.error,"
  " 'unknown', b.unknown)) FROM batches b JOIN wallets w ON w.dealer_id = b.dealer_id"
  " WHERE b.id = ANY ($1::uuid[]) AND b.completed_at IS NOT NULL AND b.source <> 'replacement'"
  " AND w.has_webhooks";

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
  for (const auto& posting : postings)
    // One without a single code in it has no need of devices.
    if (auto* batch = std::get_if<batch_submitted>(&posting->what.what);
        batch && posting->expected.has_webhooks)
      tell_of_batch(into, batch->id);
  auto& messages = into.rows_for(insert_messages);
  auto add = [&](const decided_posting& posting, std::string_view event, std::string_view json) {
    messages.row();
    messages.add(posting.what.dealer);
    messages.add(event);
    messages.add(posting.decided_at);
    messages.add_optional(json);
    messages.add(posting.expected.balance.cents());
    messages.add(posting.transfers.back().balance_after.cents());
  };
  for (const auto& posting : postings) {
    if (!posting->expected.has_webhooks)
      continue;
    auto change = sum(posting->what.lines);
    if (change.is_negative())
      add(*posting, "wallet.low_balance", {});
    if (change > money{})
      for (const auto& row : posting->transfers)
        if (!row.line.amount.is_negative())
          add(*posting, "wallet.credited", credit_json(*posting, row));
  }
}

void tell_of_batch(pipeline& into, batch_id completed) {
  auto& ids = into.rows_for(tell_batches);
  ids.row();
  ids.add(completed);
}

} // namespace meisim

#include "persistence/notify/webhook_events.hpp"

#include "persistence/notify/webhook_events.sql.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/money/statement.hpp"

namespace meisim {

namespace {

/// What a posting did to a wallet.
struct wallet_event {
  const decided_posting& posting;
  std::string_view event;
  /// The message's data; empty where the statement makes it.
  std::string_view json;
};

constexpr column<wallet_event> event_columns[] = {
  {"dealer", [](row_array& to, const wallet_event& what) { to.add(what.posting.what.dealer); }},
  {"event", [](row_array& to, const wallet_event& what) { to.add(what.event); }},
  {"at", [](row_array& to, const wallet_event& what) { to.add(what.posting.decided_at); }},
  {"data", [](row_array& to, const wallet_event& what) { to.add_optional(what.json); }},
  {"before",
   [](row_array& to, const wallet_event& what) { to.add(what.posting.expected.balance.cents()); }},
  {"after", [](row_array& to,
               const wallet_event& what) { to.add(position_after(what.posting).balance.cents()); }},
};

constexpr row_statement<wallet_event> insert_messages{sql::tell_of_wallets, event_columns};

constexpr column<batch_id> told_batch[] = {
  {"id", [](row_array& to, const batch_id& batch) { to.add(batch); }},
};

constexpr row_statement<batch_id> tell_batches{sql::tell_of_batches, told_batch};

/// What a transfer is about, as the schema's subject_of says it.
std::string subject_of(const effect& what, const ledger_line& line) {
  if (line.order)
    return to_string(line.order);
  if (const auto* sale = std::get_if<supply_sold>(&what))
    return "INV-" + std::to_string(sale->usage);
  if (const auto* refund = std::get_if<rows_refunded>(&what))
    return to_string(refund->batch);
  return {};
}

/// The transfer by which money came in.
wallet_entry entry_of(const decided_posting& posting, const transfer& row) {
  wallet_entry entry;
  entry.posting = posting.what.id;
  entry.seq = row.seq;
  entry.created_at = posting.decided_at;
  entry.type = to_string(row.line.type);
  entry.amount = row.line.amount;
  entry.balance_after = row.balance_after;
  entry.description = row.line.description;
  entry.order = subject_of(posting.what.what, row.line);
  entry.stripe_session = stripe_reference(posting.what.what);
  return entry;
}

} // namespace

void tell_of_wallets(pipeline& into,
                     std::span<const std::shared_ptr<const decided_posting>> postings) {
  auto messages = into.rows_for(insert_messages);
  for (const auto& posting : postings) {
    if (!posting->expected.has_listeners)
      continue;
    auto change = sum(posting->what.lines);
    if (change.is_negative())
      messages.add({*posting, "wallet.low_balance", {}});
    if (change > money{})
      for (const auto& row : posting->transfers)
        if (!row.line.amount.is_negative())
          messages.add(
            {*posting, "wallet.credited", json_object(write_entry, entry_of(*posting, row))});
  }
}

void tell_of_batch(pipeline& into, batch_id completed) {
  into.rows_for(tell_batches).add(completed);
}

} // namespace meisim

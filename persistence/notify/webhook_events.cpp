#include "persistence/notify/webhook_events.hpp"

#include "persistence/notify/webhook_events.sql.hpp"
#include "protocols/base/json_writer.hpp"

#include <fmt/core.h>

#include <optional>

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
  {"after", [](row_array& to,
               const wallet_event& what) { to.add(position_after(what.posting).balance.cents()); }},
};

constexpr row_statement<wallet_event> insert_messages{sql::tell_of_wallets, event_columns};

constexpr column<batch_id> told_batch[] = {
  {"id", [](row_array& to, const batch_id& batch) { to.add(batch); }},
};

constexpr row_statement<batch_id> tell_batches{sql::tell_of_batches, told_batch};

/// The line by which money came in, as GET /dealer/wallet shows it.
std::string credit_json(const decided_posting& posting, const transfer& row) {
  return json_object([&](json_writer& out) {
    out.member("id", fmt::format("{}-{}", to_string(posting.what.id), row.seq))
      .member("created_at", posting.decided_at)
      .member("type", to_string(row.line.type))
      .member("amount_usd", row.line.amount)
      .member("balance_after_usd", row.balance_after)
      .member("description", row.line.description)
      .member("stripe_session_id", or_null(stripe_reference(posting.what.what)))
      .member("related_order_id", row.line.order ? std::optional{row.line.order} : std::nullopt);
  });
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

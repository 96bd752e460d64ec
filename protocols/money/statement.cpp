#include "protocols/money/statement.hpp"

#include "protocols/base/json_writer.hpp"

#include <fmt/core.h>

namespace meisim {

void write_entry(json_writer& out, const wallet_entry& entry) {
  out.member("id", fmt::format("{}-{}", to_string(entry.posting), entry.seq))
    .member("created_at", entry.created_at)
    .member("type", entry.type)
    .member("amount_usd", entry.amount)
    .member("balance_after_usd", entry.balance_after)
    .member("description", entry.description)
    .member("stripe_session_id", or_null(entry.stripe_session))
    .member("related_order_id", or_null(entry.order));
}

} // namespace meisim

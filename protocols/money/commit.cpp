#include "protocols/money/commit.hpp"

#include <fmt/core.h>

#include <iterator>

namespace meisim {

sha256_digest chain_transfer(const sha256_digest& before, posting_id posting, dealer_id dealer,
                             const transfer& row, const transfer_sides& sides, instant at) {
  std::string content;
  // Only the longest descriptions need more.
  content.reserve(512);
  content.append(before.begin(), before.end());
  fmt::format_to(std::back_inserter(content),
                 "{:016x}{:016x}|{:016x}{:016x}|{}|{}|{}|{}|{:016x}{:016x}|{}|{}|{}|{}",
                 posting.value.high, posting.value.low, dealer.value.high, dealer.value.low,
                 row.seq, to_string(row.line.type), row.line.amount.cents(),
                 row.balance_after.cents(), row.line.order.value.high, row.line.order.value.low,
                 micros(at), sides.counter, sides.stripe_reference, row.line.description);
  return sha256(content);
}

wallet_position position_after(const decided_posting& what) {
  auto result = what.expected;
  if (what.transfers.empty())
    return result;
  const auto& last = what.transfers.back();
  result.balance = last.balance_after;
  result.version = last.seq;
  result.chain = last.chain;
  return result;
}

} // namespace meisim

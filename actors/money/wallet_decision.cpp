#include "actors/money/wallet.hpp"

#include <memory>
#include <utility>

namespace meisim {

caf::expected<std::shared_ptr<const decided_posting>> wallet_state::decide(posting what,
                                                                           instant at) {
  auto required = debited(what.lines);
  if (required > what.ceiling)
    return make_error(ec::price_too_high,
                      "the total of " + to_string(required) + " is above the price guard");
  auto result = std::make_shared<decided_posting>();
  auto next = position;
  for (const auto& line : what.lines) {
    if (line.amount == money{})
      continue;
    next.balance += line.amount;
    if (line.amount.is_negative() && next.balance.is_negative() && !may_overdraw(what.what))
      return insufficient_funds(position.balance, required);
    transfer row;
    row.seq = ++next.version;
    row.line = line;
    row.balance_after = next.balance;
    row.chain = next.chain =
      chain_transfer(next.chain, what.id, dealer, row,
                     {counter_account(row.line.type, what.what), stripe_reference(what.what)}, at);
    result->transfers.push_back(std::move(row));
  }
  result->answer = make_receipt(what.id, what.what, next.balance);
  result->expected = std::exchange(position, next);
  result->decided_at = at;
  result->what = std::move(what);
  return std::shared_ptr<const decided_posting>{std::move(result)};
}

} // namespace meisim

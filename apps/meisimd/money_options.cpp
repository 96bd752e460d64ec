#include "apps/meisimd/options.hpp"

#include <stdexcept>

// What the options say about money.

namespace meisim {

stripe_fee node_options::card_fee() const {
  auto share = stripe_fee::parse_percent(stripe_fee_percent);
  auto fixed = money::parse(stripe_fee_fixed);
  if (!share || !fixed)
    throw std::invalid_argument("the card fee must be a percentage and an amount of dollars");
  return {*share, *fixed};
}

std::optional<money> node_options::credit_limit() const {
  if (default_credit_limit == "none")
    return std::nullopt;
  if (auto limit = money::parse(default_credit_limit))
    return limit;
  throw std::invalid_argument("the default credit limit must be an amount of dollars, or none");
}

money node_options::sum_to_ask_above() const {
  if (auto sum = money::parse(ask_above))
    return *sum;
  throw std::invalid_argument("the sum to ask above must be an amount of dollars");
}

} // namespace meisim

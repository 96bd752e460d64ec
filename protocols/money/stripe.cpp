#include "protocols/money/stripe.hpp"

#include <algorithm>

namespace meisim {

namespace {

constexpr int64_t million = 1'000'000;

} // namespace

money stripe_fee::gross_for(money net) const {
  auto left = million - millionths;
  return money::from_cents(((net + fixed).cents() * million + left - 1) / left);
}

std::optional<int64_t> stripe_fee::parse_percent(std::string_view text) {
  constexpr size_t most_decimals = 4;
  int64_t value = 0;
  size_t decimals = 0;
  bool has_point = false;
  bool has_digit = false;
  for (char c : text) {
    if (c == '.' && !has_point) {
      has_point = true;
      continue;
    }
    if (c < '0' || c > '9' || value >= 100 * million)
      return std::nullopt;
    value = value * 10 + (c - '0');
    has_digit = true;
    decimals += has_point ? 1 : 0;
  }
  if (!has_digit || decimals > most_decimals)
    return std::nullopt;
  for (; decimals < most_decimals; ++decimals)
    value *= 10;
  return value < million ? std::optional{value} : std::nullopt;
}

std::string_view to_string(payment_kind kind) {
  return kind == payment_kind::session ? "session" : "intent";
}

} // namespace meisim

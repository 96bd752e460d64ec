#include "protocols/money/stripe.hpp"

#include "protocols/base/names.hpp"

#include <algorithm>
#include <array>

namespace meisim {

namespace {

constexpr int64_t million = 1'000'000;

constexpr std::array<std::string_view, 3> movement_kinds{"refund", "refund_sum", "dispute"};

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

std::string_view to_string(movement_kind kind) {
  return movement_kinds.at(static_cast<size_t>(kind));
}

std::optional<movement_kind> parse_movement_kind(std::string_view text) {
  return value_named<movement_kind>(text, movement_kinds);
}

} // namespace meisim

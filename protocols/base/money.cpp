#include "protocols/base/money.hpp"

#include "protocols/base/ascii.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

constexpr int64_t most_dollars = 10'000'000'000'000;

} // namespace

std::optional<money> money::parse(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  auto point = text.find('.');
  auto whole = text.substr(0, point);
  auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || fraction.size() > 2 || (point != std::string_view::npos && fraction.empty()))
    return std::nullopt;
  int64_t cents = 0;
  for (char c : whole) {
    if (!is_digit(c) || cents >= most_dollars)
      return std::nullopt;
    cents = cents * 10 + (c - '0');
  }
  if (cents >= most_dollars)
    return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    char c = i < fraction.size() ? fraction[i] : '0';
    if (!is_digit(c))
      return std::nullopt;
    cents = cents * 10 + (c - '0');
  }
  return from_cents(negative ? -cents : cents);
}

money money::with_markup(int32_t basis_points) const {
  return from_cents((cents_ * (10'000 + basis_points) + 5'000) / 10'000);
}

std::string to_string(money amount) {
  auto cents = amount.cents();
  auto magnitude = cents < 0 ? 0 - static_cast<uint64_t>(cents) : static_cast<uint64_t>(cents);
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

} // namespace meisim

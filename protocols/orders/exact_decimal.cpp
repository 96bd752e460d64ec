#include "protocols/orders/exact_decimal.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/orders/provider.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

/// A decimal number that is not negative, in units of the digit `decimals` places behind the point.
/// A part of a unit counts as one. Nothing for any other text, and for more than eight digits
/// before the point.
std::optional<int64_t> scaled_up(std::string_view decimal, size_t decimals) {
  auto dot = std::min(decimal.find('.'), decimal.size());
  auto whole = decimal.substr(0, dot);
  std::string fraction{decimal.substr(std::min(dot + 1, decimal.size()))};
  if (whole.empty() || whole.size() > 8 || !are_digits(whole) || !are_digits(fraction)
      || (fraction.empty() && dot != decimal.size()))
    return std::nullopt;
  fraction.resize(std::max(fraction.size(), decimals), '0');
  bool has_rest = fraction.find_first_not_of('0', decimals) != std::string::npos;
  int64_t result = 0;
  for (char c : std::string{whole} + fraction.substr(0, decimals))
    result = result * 10 + (c - '0');
  return result + (has_rest ? 1 : 0);
}

} // namespace

std::string decimal_text(const Json::Value& value, std::string_view document) {
  if (value.isString())
    return value.asString();
  if (!value.isNumeric())
    return {};
  auto begin = static_cast<size_t>(value.getOffsetStart());
  auto end = static_cast<size_t>(value.getOffsetLimit());
  return begin < end && end <= document.size() ? std::string{document.substr(begin, end - begin)}
                                               : std::string{};
}

std::optional<money> cents_up(std::string_view decimal) {
  auto cents = scaled_up(decimal, 2);
  bool fits = cents && money::from_cents(*cents) <= highest_price;
  return fits ? std::optional{money::from_cents(*cents)} : std::nullopt;
}

std::optional<money> cents_up_from_ten_thousandths(int64_t value) {
  if (value < 0 || value > highest_price.cents() * 100)
    return std::nullopt;
  return money::from_cents((value + 99) / 100);
}

std::optional<int64_t> exact_up(std::string_view decimal) {
  auto value = scaled_up(decimal, 8);
  bool fits = value && *value <= highest_price.cents() / 100 * exact_unit;
  return fits ? value : std::nullopt;
}

std::string exact_to_string(int64_t value) {
  auto text = fmt::format("{}.{:08}", value / exact_unit, value % exact_unit);
  auto shortest = text.find('.') + 3;
  while (text.size() > shortest && text.back() == '0')
    text.pop_back();
  return text;
}

int64_t product_up(int64_t a, int64_t b, int64_t by) {
  __extension__ using wide = __int128;
  return static_cast<int64_t>((wide{a} * b + by - 1) / by);
}

} // namespace meisim

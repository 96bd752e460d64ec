#include "protocols/orders/exact_decimal.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/orders/provider.hpp"

#include <algorithm>

namespace meisim {

namespace {

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
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
  auto dot = std::min(decimal.find('.'), decimal.size());
  auto dollars = decimal.substr(0, dot);
  std::string fraction{decimal.substr(std::min(dot + 1, decimal.size()))};
  // Ten million has eight digits.
  if (dollars.empty() || dollars.size() > 8 || !are_digits(dollars) || !are_digits(fraction)
      || (fraction.empty() && dot != decimal.size()))
    return std::nullopt;
  while (fraction.size() < 2)
    fraction += '0';
  bool has_rest = fraction.find_first_not_of('0', 2) != std::string::npos;
  int64_t cents = 0;
  for (char c : std::string{dollars} + fraction.substr(0, 2))
    cents = cents * 10 + (c - '0');
  auto result = money::from_cents(cents + (has_rest ? 1 : 0));
  return result <= highest_price ? std::optional{result} : std::nullopt;
}

std::optional<money> cents_up_from_ten_thousandths(int64_t value) {
  if (value < 0 || value > highest_price.cents() * 100)
    return std::nullopt;
  return money::from_cents((value + 99) / 100);
}

} // namespace meisim

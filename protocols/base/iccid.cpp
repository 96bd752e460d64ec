#include "protocols/base/iccid.hpp"

#include "protocols/base/ascii.hpp"

#include <algorithm>

namespace meisim {

namespace {

constexpr size_t fewest_digits = 18;
constexpr size_t most_digits = 22;

/// Without the padding; what is longer than any ICCID with its padding is left as it is.
std::string_view without_padding(std::string_view text) {
  auto size = text.size();
  while (size > 0 && size <= most_digits && (text[size - 1] == 'F' || text[size - 1] == 'f'))
    --size;
  return text.substr(0, size);
}

} // namespace

iccid_reading read_iccid(std::string_view text) {
  auto digits = without_padding(text);
  if (digits.empty())
    return {std::nullopt, "is empty"};
  if (!std::all_of(digits.begin(), digits.end(), is_digit))
    return {std::nullopt, "holds other characters than digits"};
  if (digits.size() < fewest_digits || digits.size() > most_digits)
    return {std::nullopt, "is not of 18 to 22 digits"};
  return {iccid_number{std::string{digits}, passes_luhn(digits)}, {}};
}

bool passes_luhn(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit))
    return false;
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    int value = digits[digits.size() - 1 - i] - '0';
    // Every second digit counts twice, from the one left of the check digit on.
    if (i % 2 == 1)
      value = value > 4 ? 2 * value - 9 : 2 * value;
    sum += value;
  }
  return sum % 10 == 0;
}

} // namespace meisim

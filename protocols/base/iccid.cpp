#include "protocols/base/iccid.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/text.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

constexpr size_t fewest_digits = 18;
constexpr size_t most_digits = 20;

/// Removes blanks, dashes and invisible characters, the marks by which a spreadsheet keeps a text
/// (`'89…`, `="89…"`), and the padding of the packed form.
std::string bare_digits(std::string_view text) {
  auto bare = compact_text(text);
  std::erase(bare, '-');
  bare.erase(0, bare.find_first_not_of("='\""));
  bare.erase(bare.find_last_not_of("Ff'\"") + 1);
  return bare;
}

std::string_view flaw_of(std::string_view digits) {
  if (digits.empty())
    return "is empty";
  if (is_shortened_number(digits))
    return shortened_number;
  if (!std::all_of(digits.begin(), digits.end(), is_digit))
    return "holds other characters than digits";
  if (digits.size() < fewest_digits || digits.size() > most_digits)
    return "is not of 18 to 20 digits";
  if (!digits.starts_with("89"))
    return "does not begin with 89";
  return {};
}

} // namespace

bool is_shortened_number(std::string_view text) {
  // A spreadsheet that took it for a number may have added `.0`.
  if (text.size() > fewest_digits && (text.ends_with(".0") || text.ends_with(",0")))
    return text.find_first_not_of("0123456789.,") == std::string_view::npos;
  auto mark = text.find_first_of("Ee");
  return mark != std::string_view::npos && mark > 0 && mark + 1 < text.size()
         && text.substr(0, mark).find_first_not_of("0123456789.,") == std::string_view::npos
         && text.substr(mark + 1).find_first_not_of("+0123456789") == std::string_view::npos;
}

iccid_reading read_iccid(std::string_view text) {
  auto digits = bare_digits(text);
  if (auto flaw = flaw_of(digits); !flaw.empty())
    return {std::nullopt, flaw};
  bool luhn_ok = passes_luhn(digits);
  return {iccid_number{std::move(digits), luhn_ok}, {}};
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

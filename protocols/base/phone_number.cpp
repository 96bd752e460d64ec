#include "protocols/base/phone_number.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/text.hpp"

#include <fmt/core.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>

namespace meisim {

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr size_t longest_text = 40;

/// The region if nothing is known of a number.
constexpr std::string_view any_region = "ZZ";

/// Without the scheme of a link (RFC 3966).
std::string_view without_scheme(std::string_view text) {
  constexpr std::string_view scheme = "tel:";
  text = trimmed_text(text);
  return same_but_for_case(text.substr(0, scheme.size()), scheme) ? text.substr(scheme.size())
                                                                  : text;
}

/// Makes a plus sign of `00` in front of a country's code, if it is not known from where the number
/// is dialled.
std::string with_plus(std::string_view text) {
  return text.starts_with("00") ? fmt::format("+{}", text.substr(2)) : std::string{text};
}

/// Letters would be read as the keys that they stand on, or as an extension.
bool has_letters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return is_alphanumeric(c) && !is_digit(c); });
}

std::string_view flaw_of_unread(PhoneNumberUtil::ErrorType why) {
  return why == PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR
           ? "must begin with + and the country's code"
           : "must be a telephone number";
}

} // namespace

phone_reading read_phone_number(std::string_view text, std::string_view country_iso) {
  auto compact = compact_text(without_scheme(text));
  if (compact.empty() || compact.size() > longest_text || has_letters(compact))
    return {std::nullopt, "must be a telephone number"};
  std::string region{country_iso.empty() ? any_region : country_iso};
  std::ranges::transform(region, region.begin(), upper);
  const auto& library = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  auto why = library.Parse(with_plus(compact), region, &number);
  if (why != PhoneNumberUtil::NO_PARSING_ERROR)
    return {std::nullopt, flaw_of_unread(why)};
  if (number.has_extension() || !library.IsPossibleNumber(number))
    return {std::nullopt, "has too few or too many digits for its country"};
  std::string result;
  library.Format(number, PhoneNumberUtil::E164, &result);
  return {std::move(result), {}};
}

} // namespace meisim

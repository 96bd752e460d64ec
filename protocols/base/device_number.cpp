#include "protocols/base/device_number.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/text.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

constexpr size_t imei_digits = 15;
constexpr size_t version_digits = 2;
constexpr size_t eid_digits = 32;

/// Removes what stands between groups of digits.
std::string without_groups(std::string text) {
  std::erase_if(text, [](char c) { return c == '-' || c == '/' || c == '.'; });
  return text;
}

} // namespace

device_number_reading read_imei(std::string_view text) {
  auto compact = compact_text(text);
  auto digits = without_groups(compact);
  bool has_version = digits.size() == imei_digits + version_digits
                     && compact.rfind('/') + version_digits + 1 == compact.size();
  if (has_version)
    digits.resize(imei_digits);
  if (digits.size() != imei_digits || !std::ranges::all_of(digits, is_digit))
    return {std::nullopt, "must be 15 digits"};
  return {std::move(digits), {}};
}

device_number_reading read_eid(std::string_view text) {
  device_number_reading reading{without_groups(compact_text(text)), {}};
  if (reading.number->size() != eid_digits
      || !std::ranges::all_of(*reading.number, [](char c) { return hex_value(c) >= 0; }))
    return {std::nullopt, "must be 32 hexadecimal characters"};
  return reading;
}

} // namespace meisim

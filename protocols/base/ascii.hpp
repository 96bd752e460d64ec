#pragma once

#include <algorithm>
#include <string>
#include <string_view>

// Characters of protocols, which are ASCII whatever the locale is.

namespace meisim {

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

/// What a hexadecimal digit stands for; -1 if it is none.
constexpr int hex_value(char c) {
  if (is_digit(c))
    return c - '0';
  return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

inline std::string lowered(std::string_view text) {
  std::string result{text};
  std::transform(text.begin(), text.end(), result.begin(), lower);
  return result;
}

inline bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// `text` without the blanks and tabs around it.
constexpr std::string_view trimmed(std::string_view text) {
  auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

} // namespace meisim

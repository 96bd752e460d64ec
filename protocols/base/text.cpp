#include "protocols/base/text.hpp"

#include <algorithm>
#include <array>

namespace meisim {

namespace {

struct code_points {
  char32_t first;
  char32_t last;
};

/// Unicode's White_Space beyond ASCII.
constexpr std::array<code_points, 8> white{{
  {0x85, 0x85},
  {0xa0, 0xa0},
  {0x1680, 0x1680},
  {0x2000, 0x200a},
  {0x2028, 0x2029},
  {0x202f, 0x202f},
  {0x205f, 0x205f},
  {0x3000, 0x3000},
}};

/// Soft hyphen, joiners, marks of direction, fillers, the byte order mark.
constexpr std::array<code_points, 9> without_width{{
  {0xad, 0xad},
  {0x180e, 0x180e},
  {0x200b, 0x200f},
  {0x202a, 0x202e},
  {0x2060, 0x2064},
  {0x2066, 0x206f},
  {0x3164, 0x3164},
  {0xfeff, 0xfeff},
  {0xffa0, 0xffa0},
}};

/// Hyphens, dashes and the minus sign.
constexpr std::array<code_points, 4> dashes{{
  {0x2010, 0x2015},
  {0x2212, 0x2212},
  {0xfe58, 0xfe58},
  {0xfe63, 0xfe63},
}};

/// ASCII's visible characters, each as wide as a character of East Asian scripts.
constexpr std::array<code_points, 1> full_width{{{0xff01, 0xff5e}}};

/// The digits of Arabic and Persian keyboards.
constexpr std::array<code_points, 2> other_digits{{
  {0x660, 0x669},
  {0x6f0, 0x6f9},
}};

template <size_t Size>
bool is_in(const std::array<code_points, Size>& set, char32_t c) {
  return std::ranges::any_of(
    set, [c](const code_points& range) { return c >= range.first && c <= range.last; });
}

bool is_unseen(char32_t c) {
  // Most of what is read is ASCII.
  if (c < 0x80)
    return c == ' ' || (c >= '\t' && c <= '\r');
  return is_in(white, c) || is_in(without_width, c);
}

/// A character and how many bytes it has. A byte that begins no character counts as an unknown
/// character of its own.
struct character {
  char32_t code = 0;
  size_t size = 1;
};

character first_character(std::string_view text) {
  constexpr char32_t unknown = 0xfffd;
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return {lead, 1};
  size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (size == 0 || size > text.size())
    return {unknown, 1};
  char32_t code = lead & (0xffU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80)
      return {unknown, 1};
    code = code << 6 | (next & 0x3fU);
  }
  return {code, size};
}

/// The ASCII character that another character stands for; zero if there is none.
char plain_form(char32_t c) {
  if (c < 0x80)
    return '\0';
  if (is_in(dashes, c))
    return '-';
  if (is_in(full_width, c))
    return static_cast<char>('!' + (c - full_width.front().first));
  // Both zeros stand at a multiple of sixteen.
  return is_in(other_digits, c) ? static_cast<char>('0' + (c & 0xf)) : '\0';
}

/// A copy without the characters that are left out, and with the plain forms of the others.
template <class IsLeftOut>
std::string copied_but(std::string_view text, IsLeftOut is_left_out) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto first = first_character(text);
    if (char plain = plain_form(first.code); plain != '\0')
      result += plain;
    else if (!is_left_out(first.code))
      result.append(text.substr(0, first.size));
    text.remove_prefix(first.size);
  }
  return result;
}

/// Where the last character begins.
size_t last_begin(std::string_view text) {
  size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4
         && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80)
    --begin;
  return begin;
}

} // namespace

std::string_view trimmed_text(std::string_view text) {
  while (!text.empty()) {
    auto first = first_character(text);
    if (!is_unseen(first.code))
      break;
    text.remove_prefix(first.size);
  }
  while (!text.empty()) {
    auto begin = last_begin(text);
    auto last = first_character(text.substr(begin));
    if (!is_unseen(last.code) || begin + last.size != text.size())
      break;
    text = text.substr(0, begin);
  }
  return text;
}

bool has_control_character(std::string_view text) {
  while (!text.empty()) {
    auto first = first_character(text);
    if (first.code < 0x20 || (first.code >= 0x7f && first.code < 0xa0) || first.code == 0x2028
        || first.code == 0x2029)
      return true;
    text.remove_prefix(first.size);
  }
  return false;
}

std::string beginning_of(std::string_view text, size_t most) {
  auto size = std::min(most, text.size());
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
    --size;
  return std::string{text.substr(0, size)};
}

std::string with_plain_signs(std::string_view text) {
  return copied_but(text, [](char32_t c) { return is_in(without_width, c); });
}

std::string compact_text(std::string_view text) {
  return copied_but(text, is_unseen);
}

} // namespace meisim

#include "protocols/base/json_writer.hpp"

#include "protocols/base/ascii.hpp"

#include <array>
#include <charconv>

namespace meisim {

namespace {

/// Which bytes stand in a text by an escape only.
constexpr auto needs_escape = [] {
  std::array<bool, 256> result{};
  for (size_t control = 0; control < 0x20; ++control)
    result[control] = true;
  result['"'] = result['\\'] = true;
  return result;
}();

size_t size_without_escapes(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && !needs_escape[static_cast<unsigned char>(text[size])])
    ++size;
  return size;
}

void append_escape(std::string& target, char c) {
  constexpr std::string_view plain = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  target += '\\';
  if (auto at = plain.find(c); at != std::string_view::npos) {
    target += letters[at];
    return;
  }
  target += "u00";
  target += hex_digits[static_cast<unsigned char>(c) >> 4];
  target += hex_digits[static_cast<unsigned char>(c) & 15];
}

void append_quoted(std::string& target, std::string_view text) {
  target += '"';
  // A part that needs no escape is copied at once. Mostly that is the whole text.
  while (!text.empty()) {
    auto size = size_without_escapes(text);
    target.append(text.data(), size);
    if (size == text.size())
      break;
    append_escape(target, text[size]);
    text.remove_prefix(size + 1);
  }
  target += '"';
}

template <class Number>
void append_number(std::string& target, Number number) {
  std::array<char, 32> digits;
  auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  target.append(digits.data(), static_cast<size_t>(end - digits.data()));
}

void append_quoted_plain(std::string& target, std::string_view text) {
  target += '"';
  target += text;
  target += '"';
}

} // namespace

json_writer& json_writer::value(std::string_view text) {
  separate();
  append_quoted(target_, text);
  return *this;
}

json_writer& json_writer::value(json_text written) {
  separate();
  target_ += written.text;
  return *this;
}

json_writer& json_writer::value(money amount) {
  separate();
  auto cents = amount.cents();
  auto magnitude = cents < 0 ? 0 - static_cast<uint64_t>(cents) : static_cast<uint64_t>(cents);
  if (cents < 0)
    target_ += '-';
  append_number(target_, magnitude / 100);
  target_ += '.';
  target_ += static_cast<char>('0' + magnitude % 100 / 10);
  target_ += static_cast<char>('0' + magnitude % 10);
  return *this;
}

json_writer& json_writer::value(instant time) {
  if (time == instant{})
    return value(nullptr);
  separate();
  append_quoted_plain(target_, rfc3339(time));
  return *this;
}

json_writer& json_writer::value(uuid id) {
  separate();
  append_quoted_plain(target_, to_string(id));
  return *this;
}

json_writer& json_writer::value(std::nullptr_t) {
  return value(json_text{"null"});
}

json_writer& json_writer::whole(int64_t number) {
  separate();
  append_number(target_, number);
  return *this;
}

json_writer& json_writer::natural(uint64_t number) {
  separate();
  append_number(target_, number);
  return *this;
}

json_writer& json_writer::real(double number) {
  separate();
  append_number(target_, number);
  return *this;
}

void json_writer::write_name(std::string_view name) {
  separate();
  append_quoted(target_, name);
  target_ += ':';
  follows_another_ = false;
}

void json_writer::separate() {
  if (follows_another_)
    target_ += ',';
  follows_another_ = true;
}

void json_writer::open(char bracket) {
  separate();
  target_ += bracket;
  follows_another_ = false;
}

json_writer& json_writer::close(char bracket) {
  target_ += bracket;
  follows_another_ = true;
  return *this;
}

std::string without_blanks(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  bool in_text = false;
  bool is_escaped = false;
  for (char c : json) {
    if (in_text || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
      result += c;
    if (c == '"' && !is_escaped)
      in_text = !in_text;
    is_escaped = in_text && c == '\\' && !is_escaped;
  }
  return result;
}

std::string json_quoted(std::string_view text) {
  std::string result;
  append_quoted(result, text);
  return result;
}

} // namespace meisim

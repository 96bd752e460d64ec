#include "http/server/request.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace meisim::http {

namespace {

/// A character that could end a line of a header or a log.
bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
}

/// Undoes percent-encoding. Nothing for a broken escape, for NUL, for bytes that are no UTF-8, and
/// for a path with control characters.
std::optional<std::string> decoded(std::string_view text, bool is_query) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
      int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return std::nullopt;
      c = static_cast<char>(high << 4 | low);
      // A slash that was escaped would become a separator that the client did not mean.
      if (c == '\0' || (c == '/' && !is_query))
        return std::nullopt;
      i += 2;
    } else if (c == '+' && is_query) {
      c = ' ';
    }
    result += c;
  }
  if (!is_utf8(result) || (!is_query && std::ranges::any_of(result, is_control)))
    return std::nullopt;
  return result;
}

/// The text before and after the first `separator`. Without a separator all of it is before.
std::pair<std::string_view, std::string_view> split(std::string_view text, char separator) {
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == separator)
      return {text.substr(0, i), text.substr(i + 1)};
  return {text, {}};
}

/// A target in the form that proxies get (RFC 9112 §3.2.2), without its `http://host`. Other
/// targets stay as they are.
std::string_view without_origin(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"})
    if (same_but_for_case(target.substr(0, scheme.size()), scheme)) {
      auto end = target.find_first_of("/?#", scheme.size());
      return end == std::string_view::npos ? std::string_view{} : target.substr(end);
    }
  return target;
}

bool parse_query(std::string_view text, request& into) {
  while (!text.empty()) {
    auto [pair, rest] = split(text, '&');
    text = rest;
    if (pair.empty())
      continue;
    auto [raw_name, raw_value] = split(pair, '=');
    auto name = decoded(raw_name, true);
    auto value = decoded(raw_value, true);
    if (!name || !value)
      return false;
    into.query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

} // namespace

std::string_view to_string(method m) {
  constexpr std::array<std::string_view, 8> names{"GET",   "HEAD",   "POST",    "PUT",
                                                  "PATCH", "DELETE", "OPTIONS", "OTHER"};
  return names.at(static_cast<size_t>(m));
}

std::string_view request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name)
      return value;
  return {};
}

std::optional<std::string_view> request::parameter(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name)
      return value.empty() ? std::nullopt : std::optional<std::string_view>{value};
  return std::nullopt;
}

caf::expected<int32_t> request::whole_parameter(std::string_view name, int32_t least, int32_t most,
                                                int32_t fallback) const {
  auto text = trimmed_text(parameter(name).value_or(""));
  if (text.empty())
    return fallback;
  int32_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value < least || value > most)
    return make_error(cause::invalid_field,
                      fmt::format("{} must be a whole number from {} to {}", name, least, most),
                      std::string{name});
  return value;
}

bool parse_target(std::string_view target, request& into) {
  auto origin_form = without_origin(target);
  auto [raw_path, raw_query] = split(split(origin_form, '#').first, '?');
  bool is_root = raw_path.empty() && origin_form.size() != target.size();
  auto path = decoded(is_root ? "/" : raw_path, false);
  if (!path || path->empty() || (path->front() != '/' && *path != "*"))
    return false;
  into.path = std::move(*path);
  return parse_query(raw_query, into);
}

bool is_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    size_t length = lead < 0x80                   ? 1
                    : lead >= 0xc2 && lead < 0xe0 ? 2
                    : lead >= 0xe0 && lead < 0xf0 ? 3
                    : lead >= 0xf0 && lead < 0xf5 ? 4
                                                  : 0;
    if (length == 0 || i + length > text.size())
      return false;
    auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0x80;
    // The second byte shows overlong forms, surrogates and code points beyond U+10FFFF.
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)
        || (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
      return false;
    for (size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80)
        return false;
    i += length;
  }
  return true;
}

} // namespace meisim::http

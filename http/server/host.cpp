#include "http/server/host.hpp"

#include "protocols/base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace meisim::http {

namespace {

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/// The length of the name or address at the start; npos if it is neither.
size_t name_size(std::string_view text) {
  if (!text.starts_with('[')) {
    auto is_inside = [](char c) { return is_alphanumeric(c) || is_one_of(c, "-._~%!$&'()*+,;="); };
    return static_cast<size_t>(std::ranges::find_if_not(text, is_inside) - text.begin());
  }
  auto end = text.find(']');
  auto is_inside = [](char c) { return is_alphanumeric(c) || is_one_of(c, ":."); };
  if (end == std::string_view::npos || !std::ranges::all_of(text.substr(1, end - 1), is_inside))
    return std::string_view::npos;
  return end + 1;
}

/// Whether the text is a colon with a number, or with nothing, behind it.
bool is_port(std::string_view text) {
  uint16_t port = 0;
  auto digits = text.substr(1);
  auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return text.front() == ':'
         && (digits.empty() || (failure == std::errc{} && end == digits.data() + digits.size()));
}

} // namespace

bool is_host(std::string_view text) {
  auto size = name_size(text);
  return size != std::string_view::npos && (size == text.size() || is_port(text.substr(size)));
}

bool is_token_character(char c) {
  return is_alphanumeric(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
}

} // namespace meisim::http

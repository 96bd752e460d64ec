#include "http/server/head_check.hpp"

#include "protocols/base/ascii.hpp"

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

namespace meisim::http {

namespace {

bool is_one_of(char c, std::string_view set) {
  return std::find(set.begin(), set.end(), c) != set.end();
}

/// The character of a token (RFC 9110 §5.6.2).
bool is_token_character(char c) {
  return is_alphanumeric(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// What stands before and after the first `separator`, both trimmed; all of it before, where there
/// is none.
std::pair<std::string_view, std::string_view> cut(std::string_view text, char separator) {
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == separator)
      return {trimmed(text.substr(0, i)), trimmed(text.substr(i + 1))};
  return {trimmed(text), {}};
}

/// Whether all members of a list that are not empty are well-formed.
template <class Predicate>
bool all_members(std::string_view list, char separator, Predicate is_good) {
  while (!list.empty()) {
    auto [member, rest] = cut(list, separator);
    if (!member.empty() && !is_good(member))
      return false;
    list = rest;
  }
  return true;
}

/// A name or an address, and perhaps a port (RFC 9110 §7.2).
bool is_host(std::string_view text) {
  size_t end = 0;
  if (!text.empty() && text.front() == '[') {
    while (end < text.size() && text[end] != ']')
      ++end;
    auto is_address = [](char c) { return is_alphanumeric(c) || is_one_of(c, ":."); };
    if (end == text.size() || !std::all_of(text.begin() + 1, text.begin() + end, is_address))
      return false;
    ++end;
  } else {
    while (end < text.size()
           && (is_alphanumeric(text[end]) || is_one_of(text[end], "-._~%!$&'()*+,;=")))
      ++end;
  }
  auto port = text.substr(end);
  if (port.empty() || port == ":")
    return true;
  constexpr size_t most_digits = 5;
  return port.front() == ':' && is_number(port.substr(1)) && port.size() <= most_digits + 1
         && std::stoi(std::string{port.substr(1)}) <= 65'535;
}

/// One of the three forms of RFC 9110 §5.6.7.
bool is_date(std::string_view value) {
  std::string text{value};
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%c"}) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), form, &parts);
    if (end != nullptr && *end == '\0')
      return true;
  }
  return false;
}

bool is_cookie(std::string_view text) {
  return all_members(text, ';', [](std::string_view pair) {
    auto name = cut(pair, '=').first;
    return !name.empty() && name.size() < pair.size();
  });
}

bool is_cache_control(std::string_view text) {
  return all_members(text, ',', [](std::string_view directive) {
    auto [name, argument] = cut(directive, '=');
    bool is_bare = name.size() == directive.size();
    if (name == "max-age" || name == "min-fresh")
      return is_number(argument);
    return is_token(name) && (name != "max-stale" || is_bare || is_number(argument));
  });
}

bool is_media_type(std::string_view text) {
  auto [type, subtype] = cut(cut(text, ';').first, '/');
  return is_token(type) && is_token(subtype);
}

/// Java's own client sends a lone `*` too.
bool is_accept(std::string_view text) {
  return all_members(text, ',', [](std::string_view member) {
    return cut(member, ';').first == "*" || is_media_type(member);
  });
}

} // namespace

head_fault check_header(boost::beast::http::field name, std::string_view value) {
  using boost::beast::http::field;
  switch (name) {
  case field::host:
    return is_host(value) ? head_fault{} : head_fault{400, "Host must be a name and a port"};
  case field::date:
    return is_date(value) ? head_fault{} : head_fault{400, "Date must be an HTTP date"};
  case field::cookie:
    return is_cookie(value) ? head_fault{} : head_fault{400, "Cookie must be name=value pairs"};
  case field::cache_control:
    return is_cache_control(value) ? head_fault{}
                                   : head_fault{400, "Cache-Control is not well-formed"};
  case field::accept:
    return is_accept(value) ? head_fault{} : head_fault{400, "Accept must be media types"};
  case field::content_type:
    return value.empty() || is_media_type(value)
             ? head_fault{}
             : head_fault{415, "Content-Type must be a media type"};
  default:
    return {};
  }
}

} // namespace meisim::http

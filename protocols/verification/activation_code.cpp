#include "protocols/verification/activation_code.hpp"

#include "protocols/base/ascii.hpp"

#include <algorithm>
#include <vector>

namespace meisim {

namespace {

constexpr size_t longest_code = 255;
constexpr size_t longest_host = 253;
constexpr size_t longest_label = 63;

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i)
    if (i == text.size() || text[i] == mark) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  return parts;
}

bool has_prefix(std::string_view text) {
  constexpr std::string_view prefix = "lpa:";
  return text.size() >= prefix.size()
         && std::equal(prefix.begin(), prefix.end(), text.begin(),
                       [](char a, char b) { return a == lower(b); });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_label && label.front() != '-'
         && label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
              return is_alphanumeric(c) || c == '-';
            });
}

/// A fully qualified domain name (RFC 1123 §2.1); the last label tells it from an IPv4 address.
bool is_host_name(std::string_view host) {
  auto labels = split(host, '.');
  return host.size() <= longest_host && labels.size() >= 2
         && std::all_of(labels.begin(), labels.end(), is_label)
         && !std::all_of(labels.back().begin(), labels.back().end(), is_digit);
}

bool is_matching_id(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_object_identifier(std::string_view text) {
  auto arcs = split(text, '.');
  return std::all_of(arcs.begin(), arcs.end(), [](std::string_view arc) {
    return !arc.empty() && std::all_of(arc.begin(), arc.end(), is_digit);
  });
}

} // namespace

code_reading read_activation_code(std::string_view text) {
  if (text.empty())
    return {std::nullopt, "is empty"};
  if (text.size() > longest_code)
    return {std::nullopt, "is longer than 255 characters"};
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= 0x20 || c >= 0x7f; }))
    return {std::nullopt, "holds characters that no activation code has"};
  if (!has_prefix(text))
    return {std::nullopt, "does not begin with LPA:1$"};
  constexpr size_t prefix_size = 4;
  auto parts = split(text.substr(prefix_size), '$');
  if (parts.front() != "1")
    return {std::nullopt, "does not begin with LPA:1$"};
  if (parts.size() < 3 || parts.size() > 5)
    return {std::nullopt, "is not of the form LPA:1$host$matching-id"};
  if (!is_host_name(parts[1]))
    return {std::nullopt, "has no host name of an SM-DP+"};
  if (!is_matching_id(parts[2]))
    return {std::nullopt, "has a matching id of other characters than letters, digits and hyphens"};
  activation_code code;
  code.host = parts[1];
  std::transform(code.host.begin(), code.host.end(), code.host.begin(), lower);
  code.matching_id = parts[2];
  if (parts.size() > 3 && !parts[3].empty()) {
    if (!is_object_identifier(parts[3]))
      return {std::nullopt, "has an object identifier of other characters than digits and dots"};
    code.oid = parts[3];
  }
  if (parts.size() > 4) {
    if (!parts[4].empty() && parts[4] != "1" && parts[4] != "0")
      return {std::nullopt, "has a confirmation flag other than 1"};
    code.needs_confirmation = parts[4] == "1";
  }
  return {std::move(code), {}};
}

std::string to_string(const activation_code& code) {
  auto text = "LPA:1$" + code.host + '$' + code.matching_id;
  if (!code.oid.empty() || code.needs_confirmation)
    text += '$' + code.oid;
  if (code.needs_confirmation)
    text += "$1";
  return text;
}

} // namespace meisim

#include "protocols/verification/activation_code.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace meisim {

namespace {

constexpr size_t longest_code = 255;
constexpr std::string_view too_long = "is longer than 255 characters";
constexpr size_t longest_link = 2'048;
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

/// The text without `LPA:` in any case of letters, which may be missing, and without a blank behind
/// it.
std::string_view without_prefix(std::string_view text) {
  constexpr std::string_view prefix = "lpa:";
  return same_but_for_case(text.substr(0, prefix.size()), prefix)
           ? trimmed(text.substr(prefix.size()))
           : text;
}

/// The code without what word processors and chats put around it or in place of its hyphens.
std::string tidied(std::string_view text) {
  text = trimmed_text(text);
  for (std::string_view mark : {"\"", "'", "\xe2\x80\x9c", "\xe2\x80\x9d", "<", ">"}) {
    if (text.starts_with(mark))
      text.remove_prefix(mark.size());
    if (text.ends_with(mark))
      text.remove_suffix(mark.size());
  }
  return with_plain_signs(trimmed_text(text));
}

/// A `%` that is not followed by two hexadecimal digits stands for itself.
std::string url_decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    result += low >= 0 ? static_cast<char>(16 * high + low) : text[i];
    i += low >= 0 ? 2 : 0;
  }
  return result;
}

/// What stands in an installation link (`https://…?carddata=LPA:1$…`), or else all of the text,
/// without one layer of escapes.
std::string without_link(std::string_view text) {
  constexpr std::string_view field = "carddata=";
  auto begin = lowered(text).find(field);
  if (begin != std::string::npos) {
    text = text.substr(begin + field.size());
    text = text.substr(0, text.find_first_of("&#"));
  }
  return url_decoded(text);
}

/// Mailing services put a link into one of their own, where it is escaped once more.
std::string unwrapped(std::string text) {
  constexpr int most_layers = 3;
  for (int i = 0; i < most_layers; ++i)
    text = without_link(text);
  return text;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_label && label.front() != '-'
         && label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
              return is_alphanumeric(c) || c == '-';
            });
}

/// What is wrong with the name of an SM-DP+; empty if nothing is.
std::string_view flaw_of_host(std::string_view host) {
  if (is_host_name(host))
    return {};
  auto colon = host.find(':');
  if (colon != std::string_view::npos && is_host_name(host.substr(0, colon)))
    return "has a port after the host name of the SM-DP+";
  if (host.find('_') != std::string_view::npos)
    return "has an underscore in the host name of the SM-DP+";
  return "has no host name of an SM-DP+";
}

bool is_matching_id(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_object_identifier(std::string_view text) {
  auto arcs = split(text, '.');
  return arcs.size() >= 2 && std::all_of(arcs.begin(), arcs.end(), [](std::string_view arc) {
           return !arc.empty() && std::all_of(arc.begin(), arc.end(), is_digit);
         });
}

/// Takes what follows the matching id: in the standard's order an object identifier and a flag.
/// Some write the confirmation code itself in either place. Returns what is wrong; empty for
/// nothing.
std::string_view take_extra(activation_code& code, std::string_view part) {
  if (part.empty() || part == "0")
    return {};
  if (part == "1") {
    code.needs_confirmation = true;
  } else if (is_object_identifier(part)) {
    code.oid = part;
  } else if (part.size() > 1 && part.find('.') == std::string_view::npos) {
    code.needs_confirmation = true;
    code.confirmation_code = part;
  } else {
    return part.size() == 1 ? "has a confirmation flag other than 1"
                            : "has an object identifier of other characters than digits and dots";
  }
  return {};
}

code_reading read_bare_code(std::string_view text) {
  if (without_prefix(text).empty())
    return {std::nullopt, "is empty"};
  if (text.size() > longest_code)
    return {std::nullopt, too_long};
  auto bare = without_prefix(text);
  if (std::any_of(bare.begin(), bare.end(), [](char c) { return c <= 0x20 || c >= 0x7f; }))
    return {std::nullopt, "holds characters that no activation code has"};
  auto parts = split(bare, '$');
  if (parts.front() != "1")
    return {std::nullopt, "does not begin with LPA:1$"};
  while (parts.size() > 3 && parts.back().empty())
    parts.pop_back();
  if (parts.size() < 3 || parts.size() > 5)
    return {std::nullopt, "is not of the form LPA:1$host$matching-id"};
  if (auto flaw = flaw_of_host(parts[1]); !flaw.empty())
    return {std::nullopt, flaw};
  if (!is_matching_id(parts[2]))
    return {std::nullopt, "has a matching id of other characters than letters, digits and hyphens"};
  activation_code code;
  code.host = lowered(parts[1]);
  code.matching_id = parts[2];
  for (size_t i = 3; i < parts.size(); ++i)
    if (auto flaw = take_extra(code, parts[i]); !flaw.empty())
      return {std::nullopt, flaw};
  // With what was left out before it, such as `LPA:`.
  if (to_string(code).size() > longest_code)
    return {std::nullopt, too_long};
  return {std::move(code), {}};
}

} // namespace

code_reading read_activation_code(std::string_view text) {
  if (text.size() > longest_link)
    return {std::nullopt, too_long};
  auto tidy = tidied(text);
  // What is a code as it stands is not unescaped: a confirmation code may hold any signs.
  auto plain = read_bare_code(tidy);
  return plain.code ? plain : read_bare_code(tidied(unwrapped(std::move(tidy))));
}

bool is_host_name(std::string_view host) {
  auto labels = split(host, '.');
  return host.size() <= longest_host && labels.size() >= 2
         && std::all_of(labels.begin(), labels.end(), is_label)
         && !std::all_of(labels.back().begin(), labels.back().end(), is_digit);
}

std::string key_of(const activation_code& code) {
  return code.host + '$' + code.matching_id;
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

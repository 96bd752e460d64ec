#include "protocols/base/email.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/text.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

namespace meisim {

namespace {

// RFC 5321 §4.5.3.1.
constexpr size_t longest_address = 254;
constexpr size_t longest_local_part = 64;

constexpr std::string_view no_address = "must be an email address";

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// Removes the mark that ends each address of a list, if there is only one.
std::string_view without_list_mark(std::string_view text) {
  bool has_mark = text.ends_with(';') || text.ends_with(',');
  return trimmed_text(text.substr(0, text.size() - (has_mark ? 1 : 0)));
}

/// The text without quotes around it: some programs quote twice.
std::string_view without_quotes(std::string_view text) {
  for (char mark : {'"', '\''}) {
    text.remove_prefix(text.starts_with(mark) ? 1 : 0);
    text.remove_suffix(text.ends_with(mark) ? 1 : 0);
  }
  return text;
}

/// The address itself where more stands around it: `mailto:a@b.c?subject=x`, `Jane Doe <a@b.c>;`.
std::string_view bare_address(std::string_view text) {
  constexpr std::string_view scheme = "mailto:";
  text = without_list_mark(trimmed_text(text));
  if (text.ends_with('>') && text.find('<') != std::string_view::npos) {
    text.remove_suffix(1);
    text = trimmed_text(text.substr(text.rfind('<') + 1));
  }
  text = without_quotes(text);
  if (!same_but_for_case(text.substr(0, scheme.size()), scheme))
    return text;
  text.remove_prefix(scheme.size());
  return text.substr(0, text.find('?'));
}

/// Replaces the at sign of a Japanese keyboard. IDNA knows that keyboard's other signs in a domain.
std::string with_plain_at(std::string_view text) {
  constexpr std::string_view wide = "\xef\xbc\xa0";
  std::string result{text};
  if (auto at = result.find(wide); at != std::string::npos)
    result.replace(at, wide.size(), "@");
  return result;
}

bool is_local_part(std::string_view text) {
  constexpr std::string_view specials = "\"(),:;<>[\\]@";
  return !text.empty() && text.size() <= longest_local_part
         && std::ranges::all_of(text, [&](char c) {
              return c > 0x20 && c < 0x7f && specials.find(c) == std::string_view::npos;
            });
}

/// The domain's ASCII form; nothing if DNS cannot have it.
std::optional<std::string> domain_in_ascii(std::string_view text) {
  if (std::ranges::all_of(text, is_ascii))
    return lowered(text);
  std::string domain{text};
  char* found = nullptr;
  if (idn2_lookup_u8(reinterpret_cast<const uint8_t*>(domain.c_str()),
                     reinterpret_cast<uint8_t**>(&found), IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL)
      != IDN2_OK)
    return std::nullopt;
  std::unique_ptr<char, decltype(&idn2_free)> owner{found, idn2_free};
  return lowered(found);
}

bool is_domain(std::string_view domain) {
  auto is_allowed = [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; };
  return domain.find('.') != std::string_view::npos && domain.front() != '.' && domain.back() != '.'
         && domain.front() != '-' && domain.find("..") == std::string_view::npos
         && std::ranges::all_of(domain, is_allowed);
}

} // namespace

email_reading read_email(std::string_view text) {
  auto bare = with_plain_at(bare_address(text));
  auto at = bare.find('@');
  if (bare.find_first_of(",;") != std::string_view::npos && at != bare.rfind('@'))
    return {std::nullopt, "must be one email address"};
  if (at == std::string_view::npos || bare.find('@', at + 1) != std::string_view::npos
      || bare.find('\0') != std::string_view::npos)
    return {std::nullopt, no_address};
  auto local = with_plain_signs(bare.substr(0, at));
  if (!std::ranges::all_of(local, is_ascii))
    return {std::nullopt, "must be an email address with ASCII letters before the @"};
  auto domain = domain_in_ascii(bare.substr(at + 1));
  if (!is_local_part(local) || !domain || !is_domain(*domain)
      || local.size() + 1 + domain->size() > longest_address)
    return {std::nullopt, no_address};
  return {local + '@' + *domain, {}};
}

std::string account_of(std::string_view address) {
  return lowered(address);
}

} // namespace meisim

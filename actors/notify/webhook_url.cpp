#include "actors/notify/webhook_url.hpp"

#include "protocols/base/error.hpp"
#include "protocols/verification/public_address.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

namespace meisim {

namespace {

constexpr size_t longest_url = 2'048;

using url_pointer = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// A part of the address; empty if it has none.
std::string part_of(const url_pointer& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK)
    return {};
  std::unique_ptr<char, decltype(&curl_free)> owner{text, curl_free};
  return text;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

/// Whether a name is meant for everybody. An address in digits must be a public one.
bool is_public_host(std::string host) {
  if (host.starts_with('[') && host.ends_with(']'))
    return is_public_address(std::string_view{host}.substr(1, host.size() - 2));
  if (host.ends_with('.'))
    host.pop_back();
  std::ranges::transform(host, host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  auto last = host.rfind('.');
  if (last == std::string::npos)
    return false;
  auto domain = std::string_view{host}.substr(last + 1);
  constexpr std::array<std::string_view, 6> own{"local", "localhost", "internal",
                                                "lan",   "home",      "arpa"};
  if (std::ranges::find(own, domain) != own.end())
    return false;
  bool in_digits = std::ranges::all_of(domain, [](char c) { return c >= '0' && c <= '9'; });
  return !in_digits || is_public_address(host);
}

caf::error refusal(const char* rule) {
  return make_error(cause::invalid_field, rule, "url");
}

} // namespace

caf::error check_webhook_url(const std::string& url, bool any_address) {
  if (url.size() > longest_url || !is_printable(url))
    return refusal("url must be an address of at most 2048 printable characters");
  url_pointer parsed{curl_url(), curl_url_cleanup};
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return refusal("url must be an address such as https://example.com/hook");
  auto scheme = part_of(parsed, CURLUPART_SCHEME);
  if (scheme != "https" && !(any_address && scheme == "http"))
    return refusal("url must begin with https://");
  if (!part_of(parsed, CURLUPART_USER).empty() || !part_of(parsed, CURLUPART_PASSWORD).empty())
    return refusal("url must not hold a user or password");
  if (!any_address && !is_public_host(part_of(parsed, CURLUPART_HOST)))
    return refusal("url must name a public host");
  return {};
}

} // namespace meisim
